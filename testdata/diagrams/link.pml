/* link: One control connection from a slave to the master. */
mtype:state_link = {
    S_link_awaiting_hello,
    S_link_welcomed,
    S_link_ready,
    S_link_trusted,
    S_link_lost,
    S_link_missing,
    S_link_gone
}
mtype:event_link = {
    E_link_hello,
    E_link_heartbeat,
    E_link_message,
    E_link_state_link_up,
    E_link_state_link_lost,
    E_link_connection_lost,
    E_link_replaced,
    E_link_slave_dead,
    E_link_deadline
}

active proctype p_link() {
    mtype:state_link state = S_link_awaiting_hello;
    mtype:event_link event;
    bool g_acceptable; /* acceptable: the slave may take part */
    bool g_dialect_2; /* dialect 2: both will speak dialect 2: the slave offers it, and no dialect 1 slave has to hand over to it */
    bool g_matters; /* matters: somebody waits for the slave's return */
    do
    :: state == S_link_gone -> assert(true); break
    :: state == S_link_awaiting_hello ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_state_link_up
        :: event = E_link_state_link_lost
        :: event = E_link_connection_lost
        :: event = E_link_replaced
        :: event = E_link_slave_dead
        :: event = E_link_deadline
        fi;
        if
        :: event == E_link_hello ->
            if :: g_acceptable = true :: g_acceptable = false fi;
            if :: g_dialect_2 = true :: g_dialect_2 = false fi;
            if
            :: !g_acceptable -> state = S_link_gone /* row 0: close */
            :: g_acceptable && g_dialect_2 -> state = S_link_welcomed /* row 1: register, welcome */
            :: g_acceptable && !g_dialect_2 -> state = S_link_trusted /* row 2: register, present */
            fi;
            d_step { g_acceptable = false; g_dialect_2 = false }
        :: event == E_link_heartbeat ->
            if
            :: true -> state = S_link_gone /* row 3: close */
            fi
        :: event == E_link_message ->
            if
            :: true -> state = S_link_gone /* row 4: close */
            fi
        :: event == E_link_state_link_up -> skip /* refused: no slave is known for this connection */
        :: event == E_link_state_link_lost -> skip /* refused: no slave is known for this connection */
        :: event == E_link_connection_lost ->
            if
            :: true -> state = S_link_gone /* row 6 */
            fi
        :: event == E_link_replaced -> skip /* refused: no slave is known for this connection */
        :: event == E_link_slave_dead -> skip /* refused: no slave is known for this connection */
        :: event == E_link_deadline ->
            if
            :: true -> state = S_link_gone /* row 5: close */
            fi
        fi
    :: state == S_link_welcomed ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_state_link_up
        :: event = E_link_state_link_lost
        :: event = E_link_connection_lost
        :: event = E_link_replaced
        :: event = E_link_slave_dead
        :: event = E_link_deadline
        fi;
        if
        :: event == E_link_hello -> skip /* refused: a connection has one hello */
        :: event == E_link_heartbeat ->
            if
            :: true -> state = S_link_welcomed /* row 10: take inventory, answer heartbeat */
            fi
        :: event == E_link_message ->
            if
            :: true -> state = S_link_welcomed /* row 11: hand on */
            fi
        :: event == E_link_state_link_up ->
            if
            :: true -> state = S_link_ready /* row 7: present */
            fi
        :: event == E_link_state_link_lost -> skip /* ignored: it is being waited for already */
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 12: report loss */
            :: !g_matters -> state = S_link_gone /* row 13: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 16: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 19: close */
            fi
        :: event == E_link_deadline ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 14: close, report loss */
            :: !g_matters -> state = S_link_gone /* row 15: close, report loss, dismiss */
            fi;
            d_step { g_matters = false }
        fi
    :: state == S_link_ready ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_state_link_up
        :: event = E_link_state_link_lost
        :: event = E_link_connection_lost
        :: event = E_link_replaced
        :: event = E_link_slave_dead
        :: event = E_link_deadline
        fi;
        if
        :: event == E_link_hello -> skip /* refused: a connection has one hello */
        :: event == E_link_heartbeat ->
            if
            :: true -> state = S_link_ready /* row 9: take inventory, answer heartbeat */
            fi
        :: event == E_link_message ->
            if
            :: true -> state = S_link_ready /* row 11: hand on */
            fi
        :: event == E_link_state_link_up -> skip /* ignored: the new one was faster than the end of the old one */
        :: event == E_link_state_link_lost ->
            if
            :: true -> state = S_link_welcomed /* row 8 */
            fi
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 12: report loss */
            :: !g_matters -> state = S_link_gone /* row 13: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 16: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 19: close */
            fi
        :: event == E_link_deadline ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 14: close, report loss */
            :: !g_matters -> state = S_link_gone /* row 15: close, report loss, dismiss */
            fi;
            d_step { g_matters = false }
        fi
    :: state == S_link_trusted ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_state_link_up
        :: event = E_link_state_link_lost
        :: event = E_link_connection_lost
        :: event = E_link_replaced
        :: event = E_link_slave_dead
        :: event = E_link_deadline
        fi;
        if
        :: event == E_link_hello -> skip /* refused: a connection has one hello */
        :: event == E_link_heartbeat -> skip /* refused: dialect 1 has no heartbeats */
        :: event == E_link_message ->
            if
            :: true -> state = S_link_trusted /* row 11: hand on */
            fi
        :: event == E_link_state_link_up -> skip /* ignored: dialect 1 has one link */
        :: event == E_link_state_link_lost -> skip /* ignored: dialect 1 has one link */
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 12: report loss */
            :: !g_matters -> state = S_link_gone /* row 13: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 16: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 19: close */
            fi
        :: event == E_link_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_link_lost ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_state_link_up
        :: event = E_link_state_link_lost
        :: event = E_link_connection_lost
        :: event = E_link_replaced
        :: event = E_link_slave_dead
        :: event = E_link_deadline
        fi;
        if
        :: event == E_link_hello -> skip /* ignored: a frame that was under way when the link was given up */
        :: event == E_link_heartbeat -> skip /* ignored: a frame that was under way when the link was given up */
        :: event == E_link_message -> skip /* ignored: a frame that was under way when the link was given up */
        :: event == E_link_state_link_up -> skip /* ignored: the control link comes first */
        :: event == E_link_state_link_lost -> skip /* ignored: the control link comes first */
        :: event == E_link_connection_lost -> skip /* ignored: that is known */
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 17 */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 20 */
            fi
        :: event == E_link_deadline ->
            if
            :: true -> state = S_link_missing /* row 18: report missing */
            fi
        fi
    :: state == S_link_missing ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_state_link_up
        :: event = E_link_state_link_lost
        :: event = E_link_connection_lost
        :: event = E_link_replaced
        :: event = E_link_slave_dead
        :: event = E_link_deadline
        fi;
        if
        :: event == E_link_hello -> skip /* ignored: a frame that was under way when the link was given up */
        :: event == E_link_heartbeat -> skip /* ignored: a frame that was under way when the link was given up */
        :: event == E_link_message -> skip /* ignored: a frame that was under way when the link was given up */
        :: event == E_link_state_link_up -> skip /* ignored: the control link comes first */
        :: event == E_link_state_link_lost -> skip /* ignored: the control link comes first */
        :: event == E_link_connection_lost -> skip /* ignored: that is known */
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 17 */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 20 */
            fi
        :: event == E_link_deadline -> skip /* refused: the state has no deadline */
        fi
    od
}
