/* link: One control connection from a slave to the master. */
mtype:state_link = {
    S_link_awaiting_hello,
    S_link_recording,
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
    E_link_written_down,
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
    bool g_written_down; /* written down: the journal knows the slave */
    bool g_state_link_up; /* state link up: the slave's link for state is up */
    bool g_matters; /* matters: somebody waits for the slave's return */
    do
    :: state == S_link_gone -> assert(true); break
    :: state == S_link_awaiting_hello ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
            if :: g_written_down = true :: g_written_down = false fi;
            if
            :: !g_acceptable -> state = S_link_gone /* row 0: close */
            :: g_acceptable && g_dialect_2 -> state = S_link_welcomed /* row 1: register, welcome */
            :: g_acceptable && !g_dialect_2 && g_written_down -> state = S_link_trusted /* row 2: register, present */
            :: g_acceptable && !g_dialect_2 && !g_written_down -> state = S_link_recording /* row 3: register */
            fi;
            d_step { g_acceptable = false; g_dialect_2 = false; g_written_down = false }
        :: event == E_link_heartbeat ->
            if
            :: true -> state = S_link_gone /* row 6: close */
            fi
        :: event == E_link_message ->
            if
            :: true -> state = S_link_gone /* row 7: close */
            fi
        :: event == E_link_written_down -> skip /* ignored: nothing waits for it */
        :: event == E_link_state_link_up -> skip /* refused: no slave is known for this connection */
        :: event == E_link_state_link_lost -> skip /* refused: no slave is known for this connection */
        :: event == E_link_connection_lost ->
            if
            :: true -> state = S_link_gone /* row 9 */
            fi
        :: event == E_link_replaced -> skip /* refused: no slave is known for this connection */
        :: event == E_link_slave_dead -> skip /* refused: no slave is known for this connection */
        :: event == E_link_deadline ->
            if
            :: true -> state = S_link_gone /* row 8: close */
            fi
        fi
    :: state == S_link_recording ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
            :: true -> state = S_link_recording /* row 17: hand on */
            fi
        :: event == E_link_written_down ->
            if
            :: true -> state = S_link_trusted /* row 4: present */
            fi
        :: event == E_link_state_link_up -> skip /* ignored: dialect 1 has one link */
        :: event == E_link_state_link_lost -> skip /* ignored: dialect 1 has one link */
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 18: report loss */
            :: !g_matters -> state = S_link_gone /* row 19: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 22: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 25: close */
            fi
        :: event == E_link_deadline ->
            if
            :: true -> state = S_link_gone /* row 5: close, report loss, dismiss */
            fi
        fi
    :: state == S_link_welcomed ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
            :: true -> state = S_link_welcomed /* row 16: take inventory, answer heartbeat */
            fi
        :: event == E_link_message ->
            if
            :: true -> state = S_link_welcomed /* row 17: hand on */
            fi
        :: event == E_link_written_down ->
            if :: g_state_link_up = true :: g_state_link_up = false fi;
            if
            :: g_state_link_up -> state = S_link_ready /* row 12: present */
            :: !g_state_link_up -> state = S_link_welcomed /* row 13 */
            fi;
            d_step { g_state_link_up = false }
        :: event == E_link_state_link_up ->
            if :: g_written_down = true :: g_written_down = false fi;
            if
            :: g_written_down -> state = S_link_ready /* row 10: present */
            :: !g_written_down -> state = S_link_welcomed /* row 11 */
            fi;
            d_step { g_written_down = false }
        :: event == E_link_state_link_lost -> skip /* ignored: it is being waited for already */
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 18: report loss */
            :: !g_matters -> state = S_link_gone /* row 19: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 22: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 25: close */
            fi
        :: event == E_link_deadline ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 20: close, report loss */
            :: !g_matters -> state = S_link_gone /* row 21: close, report loss, dismiss */
            fi;
            d_step { g_matters = false }
        fi
    :: state == S_link_ready ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
            :: true -> state = S_link_ready /* row 15: take inventory, answer heartbeat */
            fi
        :: event == E_link_message ->
            if
            :: true -> state = S_link_ready /* row 17: hand on */
            fi
        :: event == E_link_written_down -> skip /* ignored: nothing waits for it */
        :: event == E_link_state_link_up -> skip /* ignored: the new one was faster than the end of the old one */
        :: event == E_link_state_link_lost ->
            if
            :: true -> state = S_link_welcomed /* row 14 */
            fi
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 18: report loss */
            :: !g_matters -> state = S_link_gone /* row 19: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 22: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 25: close */
            fi
        :: event == E_link_deadline ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 20: close, report loss */
            :: !g_matters -> state = S_link_gone /* row 21: close, report loss, dismiss */
            fi;
            d_step { g_matters = false }
        fi
    :: state == S_link_trusted ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
            :: true -> state = S_link_trusted /* row 17: hand on */
            fi
        :: event == E_link_written_down -> skip /* ignored: nothing waits for it */
        :: event == E_link_state_link_up -> skip /* ignored: dialect 1 has one link */
        :: event == E_link_state_link_lost -> skip /* ignored: dialect 1 has one link */
        :: event == E_link_connection_lost ->
            if :: g_matters = true :: g_matters = false fi;
            if
            :: g_matters -> state = S_link_lost /* row 18: report loss */
            :: !g_matters -> state = S_link_gone /* row 19: report loss, dismiss */
            fi;
            d_step { g_matters = false }
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 22: close */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 25: close */
            fi
        :: event == E_link_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_link_lost ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
        :: event == E_link_written_down -> skip /* ignored: nothing waits for it */
        :: event == E_link_state_link_up -> skip /* ignored: the control link comes first */
        :: event == E_link_state_link_lost -> skip /* ignored: the control link comes first */
        :: event == E_link_connection_lost -> skip /* ignored: that is known */
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 23 */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 26 */
            fi
        :: event == E_link_deadline ->
            if
            :: true -> state = S_link_missing /* row 24: report missing */
            fi
        fi
    :: state == S_link_missing ->
        if
        :: event = E_link_hello
        :: event = E_link_heartbeat
        :: event = E_link_message
        :: event = E_link_written_down
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
        :: event == E_link_written_down -> skip /* ignored: nothing waits for it */
        :: event == E_link_state_link_up -> skip /* ignored: the control link comes first */
        :: event == E_link_state_link_lost -> skip /* ignored: the control link comes first */
        :: event == E_link_connection_lost -> skip /* ignored: that is known */
        :: event == E_link_replaced ->
            if
            :: true -> state = S_link_gone /* row 23 */
            fi
        :: event == E_link_slave_dead ->
            if
            :: true -> state = S_link_gone /* row 26 */
            fi
        :: event == E_link_deadline -> skip /* refused: the state has no deadline */
        fi
    od
}
