/* master: One master process: when it may launch slaves, and how it ends in order. */
mtype:state_master = {
    S_master_listening,
    S_master_serving,
    S_master_draining,
    S_master_stopping,
    S_master_killing,
    S_master_halted
}
mtype:event_master = {
    E_master_started,
    E_master_stop_asked,
    E_master_upgrade_over,
    E_master_all_ended,
    E_master_deadline
}

active proctype p_master() {
    mtype:state_master state = S_master_listening;
    mtype:event_master event;
    bool g_start_now; /* start now: the operator says that no earlier master's slaves are about */
    bool g_upgrade_runs; /* upgrade runs: an upgrade is open */
    do
    :: state == S_master_halted -> assert(true); break
    :: state == S_master_listening ->
        if
        :: event = E_master_started
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started ->
            if :: g_start_now = true :: g_start_now = false fi;
            if
            :: g_start_now -> state = S_master_serving /* row 0: open for business */
            :: !g_start_now -> state = S_master_listening /* row 1 */
            fi;
            d_step { g_start_now = false }
        :: event == E_master_stop_asked ->
            if :: g_upgrade_runs = true :: g_upgrade_runs = false fi;
            if
            :: g_upgrade_runs -> state = S_master_draining /* row 3: fail the upgrade */
            :: !g_upgrade_runs -> state = S_master_stopping /* row 4: end the slaves */
            fi;
            d_step { g_upgrade_runs = false }
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended -> skip /* ignored: others can still be launched */
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_serving /* row 2: open for business */
            fi
        fi
    :: state == S_master_serving ->
        if
        :: event = E_master_started
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_stop_asked ->
            if :: g_upgrade_runs = true :: g_upgrade_runs = false fi;
            if
            :: g_upgrade_runs -> state = S_master_draining /* row 3: fail the upgrade */
            :: !g_upgrade_runs -> state = S_master_stopping /* row 4: end the slaves */
            fi;
            d_step { g_upgrade_runs = false }
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended -> skip /* ignored: others can still be launched */
        :: event == E_master_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_master_draining ->
        if
        :: event = E_master_started
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_stop_asked ->
            if
            :: true -> state = S_master_stopping /* row 6: drop the upgrade, end the slaves */
            fi
        :: event == E_master_upgrade_over ->
            if
            :: true -> state = S_master_stopping /* row 5: end the slaves */
            fi
        :: event == E_master_all_ended -> skip /* ignored: others can still be launched */
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_stopping /* row 7: drop the upgrade, end the slaves */
            fi
        fi
    :: state == S_master_stopping ->
        if
        :: event = E_master_started
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_stop_asked ->
            if
            :: true -> state = S_master_killing /* row 9: kill the slaves */
            fi
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended ->
            if
            :: true -> state = S_master_halted /* row 8: halt */
            fi
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_killing /* row 10: kill the slaves */
            fi
        fi
    :: state == S_master_killing ->
        if
        :: event = E_master_started
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_stop_asked -> skip /* ignored: it cannot go faster */
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended ->
            if
            :: true -> state = S_master_halted /* row 8: halt */
            fi
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_halted /* row 11: complain, halt */
            fi
        fi
    od
}
