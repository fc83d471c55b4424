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
    E_master_heard,
    E_master_stop_asked,
    E_master_upgrade_over,
    E_master_all_ended,
    E_master_deadline
}

active proctype p_master() {
    mtype:state_master state = S_master_listening;
    mtype:event_master event;
    bool g_start_now; /* start now: the operator says that no earlier master's slaves are about */
    bool g_all_accounted_for; /* all accounted for: every slave that was written down has said what it runs, or is dead */
    bool g_journal_kept; /* journal kept: there is a journal, so that those are all there can be */
    bool g_upgrade_runs; /* upgrade runs: an upgrade is open */
    do
    :: state == S_master_halted -> assert(true); break
    :: state == S_master_listening ->
        if
        :: event = E_master_started
        :: event = E_master_heard
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started ->
            if :: g_all_accounted_for = true :: g_all_accounted_for = false fi;
            if :: g_start_now = true :: g_start_now = false fi;
            if :: g_journal_kept = true :: g_journal_kept = false fi;
            if
            :: g_all_accounted_for && g_start_now -> state = S_master_serving /* row 0: open for business */
            :: g_all_accounted_for && !g_start_now && g_journal_kept -> state = S_master_serving /* row 1: open for business */
            :: g_all_accounted_for && !g_start_now && !g_journal_kept -> state = S_master_listening /* row 2 */
            :: !g_all_accounted_for -> state = S_master_listening /* row 3 */
            fi;
            d_step { g_all_accounted_for = false; g_start_now = false; g_journal_kept = false }
        :: event == E_master_heard ->
            if :: g_all_accounted_for = true :: g_all_accounted_for = false fi;
            if :: g_journal_kept = true :: g_journal_kept = false fi;
            if
            :: g_all_accounted_for && g_journal_kept -> state = S_master_serving /* row 4: open for business */
            :: !g_all_accounted_for -> state = S_master_listening /* row 5 */
            :: g_all_accounted_for && !g_journal_kept -> state = S_master_listening /* row 6 */
            fi;
            d_step { g_all_accounted_for = false; g_journal_kept = false }
        :: event == E_master_stop_asked ->
            if :: g_upgrade_runs = true :: g_upgrade_runs = false fi;
            if
            :: g_upgrade_runs -> state = S_master_draining /* row 9: fail the upgrade */
            :: !g_upgrade_runs -> state = S_master_stopping /* row 10: end the slaves */
            fi;
            d_step { g_upgrade_runs = false }
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended -> skip /* ignored: others can still be launched */
        :: event == E_master_deadline ->
            if :: g_all_accounted_for = true :: g_all_accounted_for = false fi;
            if
            :: g_all_accounted_for -> state = S_master_serving /* row 7: open for business */
            :: !g_all_accounted_for -> state = S_master_listening /* row 8: report the missing */
            fi;
            d_step { g_all_accounted_for = false }
        fi
    :: state == S_master_serving ->
        if
        :: event = E_master_started
        :: event = E_master_heard
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_heard -> skip /* ignored: nothing waits for it */
        :: event == E_master_stop_asked ->
            if :: g_upgrade_runs = true :: g_upgrade_runs = false fi;
            if
            :: g_upgrade_runs -> state = S_master_draining /* row 9: fail the upgrade */
            :: !g_upgrade_runs -> state = S_master_stopping /* row 10: end the slaves */
            fi;
            d_step { g_upgrade_runs = false }
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended -> skip /* ignored: others can still be launched */
        :: event == E_master_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_master_draining ->
        if
        :: event = E_master_started
        :: event = E_master_heard
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_heard -> skip /* ignored: nothing waits for it */
        :: event == E_master_stop_asked ->
            if
            :: true -> state = S_master_stopping /* row 12: drop the upgrade, end the slaves */
            fi
        :: event == E_master_upgrade_over ->
            if
            :: true -> state = S_master_stopping /* row 11: end the slaves */
            fi
        :: event == E_master_all_ended -> skip /* ignored: others can still be launched */
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_stopping /* row 13: drop the upgrade, end the slaves */
            fi
        fi
    :: state == S_master_stopping ->
        if
        :: event = E_master_started
        :: event = E_master_heard
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_heard -> skip /* ignored: nothing waits for it */
        :: event == E_master_stop_asked ->
            if
            :: true -> state = S_master_killing /* row 15: kill the slaves */
            fi
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended ->
            if
            :: true -> state = S_master_halted /* row 14: halt */
            fi
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_killing /* row 16: kill the slaves */
            fi
        fi
    :: state == S_master_killing ->
        if
        :: event = E_master_started
        :: event = E_master_heard
        :: event = E_master_stop_asked
        :: event = E_master_upgrade_over
        :: event = E_master_all_ended
        :: event = E_master_deadline
        fi;
        if
        :: event == E_master_started -> skip /* refused: a master starts once */
        :: event == E_master_heard -> skip /* ignored: nothing waits for it */
        :: event == E_master_stop_asked -> skip /* ignored: it cannot go faster */
        :: event == E_master_upgrade_over -> skip /* ignored: nothing waits for it */
        :: event == E_master_all_ended ->
            if
            :: true -> state = S_master_halted /* row 14: halt */
            fi
        :: event == E_master_deadline ->
            if
            :: true -> state = S_master_halted /* row 17: complain, halt */
            fi
        fi
    od
}
