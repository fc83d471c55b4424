/* upgrade: One run that replaces old slaves by new ones. */
mtype:state_upgrade = {
    S_upgrade_launching,
    S_upgrade_recovering,
    S_upgrade_awaiting_hello,
    S_upgrade_recording,
    S_upgrade_preparing_old,
    S_upgrade_preparing_new,
    S_upgrade_canary,
    S_upgrade_holding,
    S_upgrade_moving,
    S_upgrade_paused,
    S_upgrade_soft_starting,
    S_upgrade_full_start,
    S_upgrade_proving,
    S_upgrade_sealing,
    S_upgrade_cutting_over,
    S_upgrade_starting_the_new,
    S_upgrade_retiring,
    S_upgrade_done,
    S_upgrade_settling,
    S_upgrade_turning_back,
    S_upgrade_taking_back,
    S_upgrade_reverting,
    S_upgrade_restoring,
    S_upgrade_reverted,
    S_upgrade_failed
}
mtype:event_upgrade = {
    E_upgrade_begun,
    E_upgrade_found,
    E_upgrade_reconciled,
    E_upgrade_launched,
    E_upgrade_arrived,
    E_upgrade_reported,
    E_upgrade_left,
    E_upgrade_written,
    E_upgrade_old_prepared,
    E_upgrade_new_prepared,
    E_upgrade_shard_moved,
    E_upgrade_shard_at_rest,
    E_upgrade_shard_up,
    E_upgrade_soft_started,
    E_upgrade_goodbye,
    E_upgrade_fully_started,
    E_upgrade_unhealthy,
    E_upgrade_failure,
    E_upgrade_slave_dead,
    E_upgrade_counted,
    E_upgrade_pause,
    E_upgrade_resume,
    E_upgrade_abort,
    E_upgrade_overdue,
    E_upgrade_dropped,
    E_upgrade_deadline
}

active proctype p_upgrade() {
    mtype:state_upgrade state = S_upgrade_launching;
    mtype:event_upgrade event;
    bool g_launch_needed; /* launch needed: not every new slave is there already */
    bool g_awaited; /* awaited: the slave that the event is about has yet to answer */
    bool g_nobody_awaited; /* nobody awaited: all have answered */
    bool g_old_slave; /* old slave: the event is about an old slave */
    bool g_new_shard_count; /* new shard count: the number of shards changes */
    bool g_dialects_fit; /* dialects fit: the slaves speak dialects in which this can be done */
    bool g_shard_counts_agree; /* shard counts agree: the old slave has as many shards as the master thinks */
    bool g_dialect_1; /* dialect 1: the hand-over is in dialect 1, which ends without a full start */
    bool g_all_on_new; /* all on new: every shard runs on its new owner */
    bool g_all_on_old; /* all on old: every shard is where it was */
    bool g_at_rest; /* at rest: no shard is on its way */
    bool g_old_slaves_linked; /* old slaves linked: every old slave that lives can be given requests */
    bool g_rest_killable; /* rest killable: somebody awaited can be killed and was not yet */
    bool g_written_down; /* written down: what the journal has to hold by now is safe */
    bool g_committed; /* committed: an earlier master had passed the point of no return */
    bool g_canary_open; /* canary open: a shard of the canary is not on its new owner */
    bool g_hold_due; /* hold due: the canary has yet to be watched */
    bool g_proof_due; /* proof due: the new slaves have to be watched before the end, or are not well */
    bool g_gate_good; /* gate good: every new slave is linked and healthy, and runs what it was given */
    bool g_pause_wanted; /* pause wanted: a pause was asked for */
    bool g_pauses_on_failure; /* pauses on failure: the plan says that a failure pauses, and there is a choice */
    bool g_master_stops; /* master stops: the master was asked to end */
    bool g_way_back; /* way back: a shard is away from an old slave that could take it back */
    bool g_new_stuck_and_killable; /* new stuck and killable: a new slave has a shard that an old one waits for, and can be killed */
    do
    :: state == S_upgrade_done -> assert(true); break
    :: state == S_upgrade_reverted -> assert(true); break
    :: state == S_upgrade_failed -> assert(true); break
    :: state == S_upgrade_launching ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun ->
            if :: g_launch_needed = true :: g_launch_needed = false fi;
            if
            :: g_launch_needed -> state = S_upgrade_launching /* row 0: launch */
            :: !g_launch_needed -> state = S_upgrade_awaiting_hello /* row 1: await the new, greet the present */
            fi;
            d_step { g_launch_needed = false }
        :: event == E_upgrade_found ->
            if
            :: true -> state = S_upgrade_recovering /* row 15: take stock */
            fi
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_launching /* row 2: tick off, count */
            :: !g_awaited -> state = S_upgrade_launching /* row 3: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_arrived -> skip /* ignored: those who are there are counted when all processes run */
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 168: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 172: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_launching /* row 4 */
            :: g_nobody_awaited -> state = S_upgrade_awaiting_hello /* row 5: await the new, greet the present */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_launching /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_launching /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_launching /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 169: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_recovering ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled ->
            if :: g_committed = true :: g_committed = false fi;
            if :: g_new_shard_count = true :: g_new_shard_count = false fi;
            if :: g_all_on_new = true :: g_all_on_new = false fi;
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: g_committed && g_new_shard_count -> state = S_upgrade_cutting_over /* row 19: shut down the old, count */
            :: g_committed && !g_new_shard_count && g_all_on_new -> state = S_upgrade_retiring /* row 20: end the moves, form shares, shut down the old, count */
            :: g_committed && !g_new_shard_count && !g_all_on_new -> state = S_upgrade_settling /* row 21: note the failure, halt the moves, start moves, count */
            :: !g_committed && g_pauses_on_failure && !g_new_shard_count -> state = S_upgrade_paused /* row 22: note the failure */
            :: !g_committed && g_pauses_on_failure && g_new_shard_count -> state = S_upgrade_settling /* row 23: note the failure, halt the moves, start moves, count */
            :: !g_committed && !g_pauses_on_failure -> state = S_upgrade_settling /* row 24: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_committed = false; g_new_shard_count = false; g_all_on_new = false; g_pauses_on_failure = false }
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_recovering /* row 16: take stock */
            fi
        :: event == E_upgrade_reported ->
            if
            :: true -> state = S_upgrade_recovering /* row 17: take stock */
            fi
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure -> skip /* ignored: what the slaves run is what counts */
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_recovering /* row 18: take stock */
            fi
        :: event == E_upgrade_counted -> skip /* ignored: it has gone on meanwhile */
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_recovering /* row 26: note the failure */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 25: note the failure, take who is there at their word, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_awaiting_hello ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_awaiting_hello /* row 6: tick off, count */
            :: !g_awaited -> state = S_upgrade_awaiting_hello /* row 7 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 168: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 172: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_dialects_fit = true :: g_dialects_fit = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_awaiting_hello /* row 8 */
            :: g_nobody_awaited && !g_dialects_fit -> state = S_upgrade_settling /* row 9: note the misfit, halt the moves, start moves, count */
            :: g_nobody_awaited && g_dialects_fit -> state = S_upgrade_recording /* row 10: write it down, count */
            fi;
            d_step { g_nobody_awaited = false; g_dialects_fit = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_awaiting_hello /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_awaiting_hello /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_awaiting_hello /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 169: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_recording ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived -> skip /* ignored: nothing is open between the two */
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written ->
            if
            :: true -> state = S_upgrade_recording /* row 12: count */
            fi
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 168: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 172: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_written_down = true :: g_written_down = false fi;
            if :: g_new_shard_count = true :: g_new_shard_count = false fi;
            if
            :: !g_written_down -> state = S_upgrade_recording /* row 11 */
            :: g_written_down && !g_new_shard_count -> state = S_upgrade_preparing_old /* row 13: prepare the old, count */
            :: g_written_down && g_new_shard_count -> state = S_upgrade_soft_starting /* row 14: soft start the new, count */
            fi;
            d_step { g_written_down = false; g_new_shard_count = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_recording /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_recording /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_recording /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 169: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_preparing_old ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_preparing_old /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_preparing_old /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared ->
            if :: g_awaited = true :: g_awaited = false fi;
            if :: g_shard_counts_agree = true :: g_shard_counts_agree = false fi;
            if
            :: g_awaited && g_shard_counts_agree -> state = S_upgrade_preparing_old /* row 27: tick off, count */
            :: g_awaited && !g_shard_counts_agree -> state = S_upgrade_settling /* row 28: note the failure, halt the moves, start moves, count */
            :: !g_awaited -> state = S_upgrade_preparing_old /* row 29: complain */
            fi;
            d_step { g_awaited = false; g_shard_counts_agree = false }
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 168: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 172: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_preparing_old /* row 30 */
            :: g_nobody_awaited -> state = S_upgrade_preparing_new /* row 31: prepare the new, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_preparing_old /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_preparing_old /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_preparing_old /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 169: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_preparing_new ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_preparing_new /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_preparing_new /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_preparing_new /* row 32: tick off, count */
            :: !g_awaited -> state = S_upgrade_preparing_new /* row 33: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 168: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 172: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if :: g_canary_open = true :: g_canary_open = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_preparing_new /* row 34 */
            :: g_nobody_awaited && g_pause_wanted -> state = S_upgrade_paused /* row 35 */
            :: g_nobody_awaited && !g_pause_wanted && g_canary_open -> state = S_upgrade_canary /* row 36: start moves, count */
            :: g_nobody_awaited && !g_pause_wanted && !g_canary_open -> state = S_upgrade_moving /* row 37: start moves, count */
            fi;
            d_step { g_nobody_awaited = false; g_pause_wanted = false; g_canary_open = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_preparing_new /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_preparing_new /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_preparing_new /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 169: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_canary ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_canary /* row 40: start moves */
            fi
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_canary /* row 38: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_canary /* row 39: start moves */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 185: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 186: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_failure ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 183: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 184: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 175: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_canary_open = true :: g_canary_open = false fi;
            if :: g_hold_due = true :: g_hold_due = false fi;
            if
            :: g_canary_open -> state = S_upgrade_canary /* row 41 */
            :: !g_canary_open && g_hold_due -> state = S_upgrade_holding /* row 42 */
            :: !g_canary_open && !g_hold_due -> state = S_upgrade_moving /* row 43: start moves, count */
            fi;
            d_step { g_canary_open = false; g_hold_due = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_paused /* row 53 */
            fi
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 187: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 188: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        fi
    :: state == S_upgrade_holding ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived -> skip /* ignored: nothing is open between the two */
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left ->
            if
            :: true -> state = S_upgrade_holding /* row 44 */
            fi
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 185: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 186: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_failure ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 183: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 184: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 175: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted -> skip /* ignored: it has gone on meanwhile */
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_paused /* row 53 */
            fi
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_gate_good = true :: g_gate_good = false fi;
            if
            :: !g_gate_good -> state = S_upgrade_holding /* row 45 */
            :: g_gate_good -> state = S_upgrade_moving /* row 46: end the hold, start moves, count */
            fi;
            d_step { g_gate_good = false }
        fi
    :: state == S_upgrade_moving ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_moving /* row 40: start moves */
            fi
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_moving /* row 38: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_moving /* row 39: start moves */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 185: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 186: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_failure ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 183: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 184: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 175: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_all_on_new = true :: g_all_on_new = false fi;
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if
            :: !g_all_on_new -> state = S_upgrade_moving /* row 47 */
            :: g_all_on_new && !g_dialect_1 -> state = S_upgrade_full_start /* row 48: full start the new, count */
            :: g_all_on_new && g_dialect_1 -> state = S_upgrade_sealing /* row 49: commit, count */
            fi;
            d_step { g_all_on_new = false; g_dialect_1 = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_paused /* row 53 */
            fi
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 187: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 188: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        fi
    :: state == S_upgrade_paused ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived -> skip /* ignored: nothing is open between the two */
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 180 */
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 181: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_failure ->
            if :: g_master_stops = true :: g_master_stops = false fi;
            if
            :: !g_master_stops -> state = S_upgrade_paused /* row 178: complain */
            :: g_master_stops -> state = S_upgrade_settling /* row 179: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_master_stops = false }
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 175: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted -> skip /* ignored: it has gone on meanwhile */
        :: event == E_upgrade_pause -> skip /* ignored: it is paused */
        :: event == E_upgrade_resume ->
            if :: g_new_shard_count = true :: g_new_shard_count = false fi;
            if :: g_canary_open = true :: g_canary_open = false fi;
            if :: g_hold_due = true :: g_hold_due = false fi;
            if
            :: g_new_shard_count -> state = S_upgrade_soft_starting /* row 54: forget the pause, forget the failure, count */
            :: !g_new_shard_count && g_canary_open -> state = S_upgrade_canary /* row 55: forget the pause, forget the failure, try again, start moves, count */
            :: !g_new_shard_count && !g_canary_open && g_hold_due -> state = S_upgrade_holding /* row 56: forget the pause, forget the failure, try again */
            :: !g_new_shard_count && !g_canary_open && !g_hold_due -> state = S_upgrade_moving /* row 57: forget the pause, forget the failure, try again, start moves, count */
            fi;
            d_step { g_new_shard_count = false; g_canary_open = false; g_hold_due = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 58: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_soft_starting ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_soft_starting /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_soft_starting /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up ->
            if
            :: true -> state = S_upgrade_soft_starting /* row 59 */
            fi
        :: event == E_upgrade_soft_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_soft_starting /* row 60: tick off, count */
            :: !g_awaited -> state = S_upgrade_soft_starting /* row 61: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 168: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if
            :: g_old_slave -> state = S_upgrade_soft_starting /* row 173: count */
            :: !g_old_slave -> state = S_upgrade_settling /* row 174: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_old_slave = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if :: g_old_slaves_linked = true :: g_old_slaves_linked = false fi;
            if :: g_proof_due = true :: g_proof_due = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_soft_starting /* row 62 */
            :: g_nobody_awaited && g_pause_wanted -> state = S_upgrade_paused /* row 63 */
            :: g_nobody_awaited && !g_pause_wanted && !g_old_slaves_linked -> state = S_upgrade_soft_starting /* row 64 */
            :: g_nobody_awaited && !g_pause_wanted && g_old_slaves_linked && g_proof_due -> state = S_upgrade_proving /* row 65 */
            :: g_nobody_awaited && !g_pause_wanted && g_old_slaves_linked && !g_proof_due -> state = S_upgrade_sealing /* row 66: commit, count */
            fi;
            d_step { g_nobody_awaited = false; g_pause_wanted = false; g_old_slaves_linked = false; g_proof_due = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_soft_starting /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_soft_starting /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_soft_starting /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 169: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_full_start ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_full_start /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_full_start /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_full_start /* row 85: tick off, count */
            :: !g_awaited -> state = S_upgrade_full_start /* row 86: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_unhealthy ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 185: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 186: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_failure ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 183: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 184: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if
            :: g_old_slave -> state = S_upgrade_full_start /* row 176: count */
            :: !g_old_slave -> state = S_upgrade_settling /* row 177: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_old_slave = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if :: g_proof_due = true :: g_proof_due = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_full_start /* row 87 */
            :: g_nobody_awaited && g_pause_wanted -> state = S_upgrade_paused /* row 88 */
            :: g_nobody_awaited && !g_pause_wanted && g_proof_due -> state = S_upgrade_proving /* row 89 */
            :: g_nobody_awaited && !g_pause_wanted && !g_proof_due -> state = S_upgrade_sealing /* row 90: commit, count */
            fi;
            d_step { g_nobody_awaited = false; g_pause_wanted = false; g_proof_due = false }
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_full_start /* row 50: note the pause */
            fi
        :: event == E_upgrade_resume ->
            if :: g_pause_wanted = true :: g_pause_wanted = false fi;
            if
            :: g_pause_wanted -> state = S_upgrade_full_start /* row 51: forget the pause */
            :: !g_pause_wanted -> state = S_upgrade_full_start /* row 52: decline */
            fi;
            d_step { g_pause_wanted = false }
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 187: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 188: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        fi
    :: state == S_upgrade_proving ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived -> skip /* ignored: nothing is open between the two */
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left ->
            if
            :: true -> state = S_upgrade_proving /* row 91 */
            fi
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 185: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 186: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_failure ->
            if :: g_pauses_on_failure = true :: g_pauses_on_failure = false fi;
            if
            :: !g_pauses_on_failure -> state = S_upgrade_settling /* row 183: note the failure, halt the moves, start moves, count */
            :: g_pauses_on_failure -> state = S_upgrade_paused /* row 184: note the failure */
            fi;
            d_step { g_pauses_on_failure = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if
            :: g_old_slave -> state = S_upgrade_proving /* row 176: count */
            :: !g_old_slave -> state = S_upgrade_settling /* row 177: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_old_slave = false }
        :: event == E_upgrade_counted -> skip /* ignored: it has gone on meanwhile */
        :: event == E_upgrade_pause ->
            if
            :: true -> state = S_upgrade_paused /* row 53 */
            fi
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 170: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue ->
            if
            :: true -> state = S_upgrade_settling /* row 171: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_gate_good = true :: g_gate_good = false fi;
            if :: g_new_shard_count = true :: g_new_shard_count = false fi;
            if :: g_old_slaves_linked = true :: g_old_slaves_linked = false fi;
            if
            :: !g_gate_good -> state = S_upgrade_proving /* row 92 */
            :: g_gate_good && g_new_shard_count && !g_old_slaves_linked -> state = S_upgrade_proving /* row 93 */
            :: g_gate_good && g_new_shard_count && g_old_slaves_linked -> state = S_upgrade_sealing /* row 94: commit, count */
            :: g_gate_good && !g_new_shard_count -> state = S_upgrade_sealing /* row 95: commit, count */
            fi;
            d_step { g_gate_good = false; g_new_shard_count = false; g_old_slaves_linked = false }
        fi
    :: state == S_upgrade_sealing ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived -> skip /* ignored: nothing is open between the two */
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written ->
            if
            :: true -> state = S_upgrade_sealing /* row 96: count */
            fi
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy ->
            if
            :: true -> state = S_upgrade_settling /* row 104: take the commitment back, note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 103: take the commitment back, note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if
            :: g_old_slave -> state = S_upgrade_sealing /* row 100 */
            :: !g_old_slave -> state = S_upgrade_settling /* row 101: take the commitment back, note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_old_slave = false }
        :: event == E_upgrade_counted ->
            if :: g_written_down = true :: g_written_down = false fi;
            if :: g_new_shard_count = true :: g_new_shard_count = false fi;
            if
            :: !g_written_down -> state = S_upgrade_sealing /* row 97 */
            :: g_written_down && !g_new_shard_count -> state = S_upgrade_retiring /* row 98: end the moves, form shares, shut down the old, count */
            :: g_written_down && g_new_shard_count -> state = S_upgrade_cutting_over /* row 99: shut down the old, count */
            fi;
            d_step { g_written_down = false; g_new_shard_count = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 105: take the commitment back, note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 102: take the commitment back, note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_cutting_over ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_cutting_over /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_cutting_over /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_cutting_over /* row 67: tick off, count */
            :: !g_awaited -> state = S_upgrade_cutting_over /* row 68 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_cutting_over /* row 110: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_old_slave && g_awaited -> state = S_upgrade_cutting_over /* row 73: tick off, count */
            :: g_old_slave && !g_awaited -> state = S_upgrade_cutting_over /* row 74 */
            :: !g_old_slave -> state = S_upgrade_cutting_over /* row 75 */
            fi;
            d_step { g_old_slave = false; g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_cutting_over /* row 69 */
            :: g_nobody_awaited -> state = S_upgrade_starting_the_new /* row 70: cut over, full start the new, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort -> skip /* refused: it is past the point of no return */
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_rest_killable = true :: g_rest_killable = false fi;
            if
            :: g_rest_killable -> state = S_upgrade_cutting_over /* row 71: kill the rest */
            :: !g_rest_killable -> state = S_upgrade_settling /* row 72: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_rest_killable = false }
        fi
    :: state == S_upgrade_starting_the_new ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_starting_the_new /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_starting_the_new /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_starting_the_new /* row 76: tick off, count */
            :: !g_awaited -> state = S_upgrade_starting_the_new /* row 77: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_starting_the_new /* row 78: complain, tick off, count */
            :: !g_awaited -> state = S_upgrade_starting_the_new /* row 79: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_starting_the_new /* row 80: tick off, count */
            :: !g_awaited -> state = S_upgrade_starting_the_new /* row 81 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_starting_the_new /* row 82 */
            :: g_nobody_awaited -> state = S_upgrade_retiring /* row 83: form shares, shut down the old, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort -> skip /* refused: it is past the point of no return */
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_retiring /* row 84: report the rest, form shares, shut down the old, count */
            fi
        fi
    :: state == S_upgrade_retiring ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_retiring /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_retiring /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_retiring /* row 110: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_retiring /* row 111: tick off, count */
            :: !g_awaited -> state = S_upgrade_retiring /* row 112 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_retiring /* row 106 */
            :: g_nobody_awaited -> state = S_upgrade_done /* row 107: finish */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort -> skip /* refused: it is past the point of no return */
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_rest_killable = true :: g_rest_killable = false fi;
            if
            :: g_rest_killable -> state = S_upgrade_retiring /* row 108: kill the rest */
            :: !g_rest_killable -> state = S_upgrade_done /* row 109: report the rest, finish */
            fi;
            d_step { g_rest_killable = false }
        fi
    :: state == S_upgrade_settling ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_settling /* row 115: start moves, count */
            fi
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_settling /* row 113: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_settling /* row 114: start moves, count */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 149: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 148: start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_at_rest = true :: g_at_rest = false fi;
            if :: g_way_back = true :: g_way_back = false fi;
            if
            :: !g_at_rest -> state = S_upgrade_settling /* row 116 */
            :: g_at_rest && g_way_back -> state = S_upgrade_turning_back /* row 117: have the new hand out, count */
            :: g_at_rest && !g_way_back -> state = S_upgrade_restoring /* row 118: end the moves, form shares, restore service, count */
            fi;
            d_step { g_at_rest = false; g_way_back = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_settling /* row 150 */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_restoring /* row 119: end the moves, form shares, restore service, count */
            fi
        fi
    :: state == S_upgrade_turning_back ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_turning_back /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_turning_back /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_new_prepared ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_turning_back /* row 120: tick off, count */
            :: !g_awaited -> state = S_upgrade_turning_back /* row 121: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_turning_back /* row 126: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_turning_back /* row 127: start moves, count */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_turning_back /* row 124: complain, tick off, count */
            :: !g_awaited -> state = S_upgrade_turning_back /* row 125: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_turning_back /* row 128: tick off, start moves, count */
            :: !g_awaited -> state = S_upgrade_turning_back /* row 129: start moves, count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_way_back = true :: g_way_back = false fi;
            if :: g_at_rest = true :: g_at_rest = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_turning_back /* row 130 */
            :: g_nobody_awaited && !g_way_back && !g_at_rest -> state = S_upgrade_turning_back /* row 131 */
            :: g_nobody_awaited && !g_way_back && g_at_rest -> state = S_upgrade_restoring /* row 132: end the moves, form shares, restore service, count */
            :: g_nobody_awaited && g_way_back -> state = S_upgrade_taking_back /* row 133: have the old take in, count */
            fi;
            d_step { g_nobody_awaited = false; g_way_back = false; g_at_rest = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_turning_back /* row 150 */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_new_stuck_and_killable = true :: g_new_stuck_and_killable = false fi;
            if
            :: g_new_stuck_and_killable -> state = S_upgrade_turning_back /* row 135: kill the new */
            :: !g_new_stuck_and_killable -> state = S_upgrade_taking_back /* row 136: have the old take in, count */
            fi;
            d_step { g_new_stuck_and_killable = false }
        fi
    :: state == S_upgrade_taking_back ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_taking_back /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_taking_back /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_taking_back /* row 122: tick off, count */
            :: !g_awaited -> state = S_upgrade_taking_back /* row 123: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_taking_back /* row 126: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_taking_back /* row 127: start moves, count */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_taking_back /* row 124: complain, tick off, count */
            :: !g_awaited -> state = S_upgrade_taking_back /* row 125: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_taking_back /* row 128: tick off, start moves, count */
            :: !g_awaited -> state = S_upgrade_taking_back /* row 129: start moves, count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_way_back = true :: g_way_back = false fi;
            if :: g_at_rest = true :: g_at_rest = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_taking_back /* row 130 */
            :: g_nobody_awaited && !g_way_back && !g_at_rest -> state = S_upgrade_taking_back /* row 131 */
            :: g_nobody_awaited && !g_way_back && g_at_rest -> state = S_upgrade_restoring /* row 132: end the moves, form shares, restore service, count */
            :: g_nobody_awaited && g_way_back -> state = S_upgrade_reverting /* row 134: start moves, count */
            fi;
            d_step { g_nobody_awaited = false; g_way_back = false; g_at_rest = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_taking_back /* row 150 */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_reverting /* row 137: start moves, count */
            fi
        fi
    :: state == S_upgrade_reverting ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_reverting /* row 140: try again, start moves, count */
            fi
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_reverting /* row 138: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_reverting /* row 139: start moves, count */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that was repeated, or put before the upgrade, or has ceased to matter */
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_reverting /* row 142: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_reverting /* row 141: try again, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_at_rest = true :: g_at_rest = false fi;
            if :: g_way_back = true :: g_way_back = false fi;
            if
            :: !g_at_rest -> state = S_upgrade_reverting /* row 143 */
            :: g_at_rest && g_way_back -> state = S_upgrade_reverting /* row 144 */
            :: g_at_rest && !g_way_back -> state = S_upgrade_restoring /* row 145: end the moves, form shares, restore service, count */
            fi;
            d_step { g_at_rest = false; g_way_back = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_reverting /* row 150 */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_new_stuck_and_killable = true :: g_new_stuck_and_killable = false fi;
            if
            :: g_new_stuck_and_killable -> state = S_upgrade_reverting /* row 146: kill the new */
            :: !g_new_stuck_and_killable -> state = S_upgrade_restoring /* row 147: end the moves, form shares, restore service, count */
            fi;
            d_step { g_new_stuck_and_killable = false }
        fi
    :: state == S_upgrade_restoring ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_found
        :: event = E_upgrade_reconciled
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_reported
        :: event = E_upgrade_left
        :: event = E_upgrade_written
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_unhealthy
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_pause
        :: event = E_upgrade_resume
        :: event = E_upgrade_abort
        :: event = E_upgrade_overdue
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_found -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_reconciled -> skip /* refused: it was never unclear where the shards are */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 166: ask again */
            :: !g_awaited -> state = S_upgrade_restoring /* row 167: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_reported -> skip /* ignored: where the shards are is known */
        :: event == E_upgrade_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_upgrade_written -> skip /* ignored: nothing waits for the journal */
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that was repeated, or has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for, or will be noticed */
        :: event == E_upgrade_fully_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 151: tick off, count */
            :: !g_awaited -> state = S_upgrade_restoring /* row 152: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_unhealthy -> skip /* ignored: it has no shard yet, or the way is back, or there is none */
        :: event == E_upgrade_failure ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 153: complain, tick off, count */
            :: !g_awaited -> state = S_upgrade_restoring /* row 154: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 157: tick off, count */
            :: !g_awaited -> state = S_upgrade_restoring /* row 158 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_all_on_old = true :: g_all_on_old = false fi;
            if :: g_all_on_new = true :: g_all_on_new = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_restoring /* row 155 */
            :: g_nobody_awaited && g_all_on_old -> state = S_upgrade_reverted /* row 160: finish */
            :: g_nobody_awaited && !g_all_on_old && g_all_on_new -> state = S_upgrade_done /* row 162: finish */
            :: g_nobody_awaited && !g_all_on_old && !g_all_on_new -> state = S_upgrade_failed /* row 164: finish */
            fi;
            d_step { g_nobody_awaited = false; g_all_on_old = false; g_all_on_new = false }
        :: event == E_upgrade_pause -> skip /* refused: it is past the point of no return, or on its way back */
        :: event == E_upgrade_resume -> skip /* refused: it is not paused */
        :: event == E_upgrade_abort ->
            if
            :: true -> state = S_upgrade_restoring /* row 159 */
            fi
        :: event == E_upgrade_overdue -> skip /* ignored: the way is back already, or there is none */
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 182: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_rest_killable = true :: g_rest_killable = false fi;
            if :: g_all_on_old = true :: g_all_on_old = false fi;
            if :: g_all_on_new = true :: g_all_on_new = false fi;
            if
            :: g_rest_killable -> state = S_upgrade_restoring /* row 156: kill the rest */
            :: !g_rest_killable && g_all_on_old -> state = S_upgrade_reverted /* row 161: report the rest, finish */
            :: !g_rest_killable && !g_all_on_old && g_all_on_new -> state = S_upgrade_done /* row 163: report the rest, finish */
            :: !g_rest_killable && !g_all_on_old && !g_all_on_new -> state = S_upgrade_failed /* row 165: report the rest, finish */
            fi;
            d_step { g_rest_killable = false; g_all_on_old = false; g_all_on_new = false }
        fi
    od
}
