/* upgrade: One run that replaces old slaves by new ones. */
mtype:state_upgrade = {
    S_upgrade_launching,
    S_upgrade_awaiting_hello,
    S_upgrade_preparing_old,
    S_upgrade_preparing_new,
    S_upgrade_moving,
    S_upgrade_soft_starting,
    S_upgrade_cutting_over,
    S_upgrade_full_start,
    S_upgrade_retiring,
    S_upgrade_done,
    S_upgrade_settling,
    S_upgrade_restoring,
    S_upgrade_failed
}
mtype:event_upgrade = {
    E_upgrade_begun,
    E_upgrade_launched,
    E_upgrade_arrived,
    E_upgrade_old_prepared,
    E_upgrade_new_prepared,
    E_upgrade_shard_moved,
    E_upgrade_shard_at_rest,
    E_upgrade_shard_up,
    E_upgrade_soft_started,
    E_upgrade_goodbye,
    E_upgrade_fully_started,
    E_upgrade_failure,
    E_upgrade_slave_dead,
    E_upgrade_counted,
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
    bool g_at_rest; /* at rest: no shard is on its way or could be put on it */
    bool g_old_slaves_linked; /* old slaves linked: every old slave that lives can be given requests */
    bool g_rest_killable; /* rest killable: somebody awaited was launched here and was not killed yet */
    do
    :: state == S_upgrade_done -> assert(true); break
    :: state == S_upgrade_failed -> assert(true); break
    :: state == S_upgrade_launching ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
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
        :: event == E_upgrade_launched ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_launching /* row 2: tick off, count */
            :: !g_awaited -> state = S_upgrade_launching /* row 3: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_arrived -> skip /* ignored: those who are there are counted when all processes run */
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 74: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_launching /* row 4 */
            :: g_nobody_awaited -> state = S_upgrade_awaiting_hello /* row 5: await the new, greet the present */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_awaiting_hello ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_awaiting_hello /* row 6: tick off, count */
            :: !g_awaited -> state = S_upgrade_awaiting_hello /* row 7 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 74: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_dialects_fit = true :: g_dialects_fit = false fi;
            if :: g_new_shard_count = true :: g_new_shard_count = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_awaiting_hello /* row 8 */
            :: g_nobody_awaited && !g_dialects_fit -> state = S_upgrade_settling /* row 9: note the misfit, halt the moves, start moves, count */
            :: g_nobody_awaited && g_dialects_fit && !g_new_shard_count -> state = S_upgrade_preparing_old /* row 10: prepare the old, count */
            :: g_nobody_awaited && g_dialects_fit && g_new_shard_count -> state = S_upgrade_soft_starting /* row 11: soft start the new, count */
            fi;
            d_step { g_nobody_awaited = false; g_dialects_fit = false; g_new_shard_count = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_preparing_old ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_preparing_old /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_preparing_old /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared ->
            if :: g_awaited = true :: g_awaited = false fi;
            if :: g_shard_counts_agree = true :: g_shard_counts_agree = false fi;
            if
            :: g_awaited && g_shard_counts_agree -> state = S_upgrade_preparing_old /* row 12: tick off, count */
            :: g_awaited && !g_shard_counts_agree -> state = S_upgrade_settling /* row 13: note the failure, halt the moves, start moves, count */
            :: !g_awaited -> state = S_upgrade_preparing_old /* row 14: complain */
            fi;
            d_step { g_awaited = false; g_shard_counts_agree = false }
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 74: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_preparing_old /* row 15 */
            :: g_nobody_awaited -> state = S_upgrade_preparing_new /* row 16: prepare the new, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_preparing_new ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_preparing_new /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_preparing_new /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_preparing_new /* row 17: tick off, count */
            :: !g_awaited -> state = S_upgrade_preparing_new /* row 18: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 74: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_preparing_new /* row 19 */
            :: g_nobody_awaited -> state = S_upgrade_moving /* row 20: start moves, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_moving ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_moving /* row 22: start moves */
            fi
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_moving /* row 21: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 74: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_all_on_new = true :: g_all_on_new = false fi;
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if
            :: !g_all_on_new -> state = S_upgrade_moving /* row 23 */
            :: g_all_on_new && !g_dialect_1 -> state = S_upgrade_full_start /* row 24: full start the new, count */
            :: g_all_on_new && g_dialect_1 -> state = S_upgrade_retiring /* row 25: end the moves, form shares, shut down the old, count */
            fi;
            d_step { g_all_on_new = false; g_dialect_1 = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_soft_starting ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_soft_starting /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_soft_starting /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up ->
            if
            :: true -> state = S_upgrade_soft_starting /* row 26 */
            fi
        :: event == E_upgrade_soft_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_soft_starting /* row 27: tick off, count */
            :: !g_awaited -> state = S_upgrade_soft_starting /* row 28: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_goodbye -> skip /* refused: nobody was asked to shut down */
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if
            :: g_old_slave -> state = S_upgrade_soft_starting /* row 67 */
            :: !g_old_slave -> state = S_upgrade_settling /* row 68: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_old_slave = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if :: g_old_slaves_linked = true :: g_old_slaves_linked = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_soft_starting /* row 29 */
            :: g_nobody_awaited && !g_old_slaves_linked -> state = S_upgrade_soft_starting /* row 30 */
            :: g_nobody_awaited && g_old_slaves_linked -> state = S_upgrade_cutting_over /* row 31: shut down the old, count */
            fi;
            d_step { g_nobody_awaited = false; g_old_slaves_linked = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_cutting_over ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_cutting_over /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_cutting_over /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_cutting_over /* row 32: tick off, count */
            :: !g_awaited -> state = S_upgrade_cutting_over /* row 33 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_fully_started -> skip /* refused: nobody was asked to start */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_cutting_over /* row 38: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_old_slave && g_awaited -> state = S_upgrade_cutting_over /* row 69: tick off, count */
            :: g_old_slave && !g_awaited -> state = S_upgrade_cutting_over /* row 70 */
            :: !g_old_slave -> state = S_upgrade_cutting_over /* row 71 */
            fi;
            d_step { g_old_slave = false; g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_cutting_over /* row 34 */
            :: g_nobody_awaited -> state = S_upgrade_full_start /* row 35: cut over, full start the new, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_rest_killable = true :: g_rest_killable = false fi;
            if
            :: g_rest_killable -> state = S_upgrade_cutting_over /* row 36: kill the rest */
            :: !g_rest_killable -> state = S_upgrade_settling /* row 37: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_rest_killable = false }
        fi
    :: state == S_upgrade_full_start ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_full_start /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_full_start /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for */
        :: event == E_upgrade_fully_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_full_start /* row 39: tick off, count */
            :: !g_awaited -> state = S_upgrade_full_start /* row 40: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 75: note the failure, halt the moves, start moves, count */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_old_slave = true :: g_old_slave = false fi;
            if
            :: g_old_slave -> state = S_upgrade_full_start /* row 65 */
            :: !g_old_slave -> state = S_upgrade_settling /* row 66: note the failure, halt the moves, start moves, count */
            fi;
            d_step { g_old_slave = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_full_start /* row 41 */
            :: g_nobody_awaited -> state = S_upgrade_retiring /* row 42: end the moves, form shares, shut down the old, count */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_settling /* row 76: note the failure, halt the moves, start moves, count */
            fi
        fi
    :: state == S_upgrade_retiring ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_retiring /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_retiring /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_new_prepared -> skip /* refused: nobody was asked to prepare */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* refused: nobody was asked to start softly */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for */
        :: event == E_upgrade_fully_started -> skip /* ignored: the request was repeated, and so is its answer */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_retiring /* row 77: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_retiring /* row 72: tick off, count */
            :: !g_awaited -> state = S_upgrade_retiring /* row 73 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_retiring /* row 43 */
            :: g_nobody_awaited -> state = S_upgrade_done /* row 44: finish */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_rest_killable = true :: g_rest_killable = false fi;
            if
            :: g_rest_killable -> state = S_upgrade_retiring /* row 45: kill the rest */
            :: !g_rest_killable -> state = S_upgrade_done /* row 46: report the rest, finish */
            fi;
            d_step { g_rest_killable = false }
        fi
    :: state == S_upgrade_settling ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if
            :: true -> state = S_upgrade_settling /* row 49: start moves, count */
            fi
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_shard_moved ->
            if
            :: true -> state = S_upgrade_settling /* row 47: start moves, count */
            fi
        :: event == E_upgrade_shard_at_rest ->
            if
            :: true -> state = S_upgrade_settling /* row 48: start moves, count */
            fi
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for */
        :: event == E_upgrade_fully_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_failure ->
            if
            :: true -> state = S_upgrade_settling /* row 54: complain */
            fi
        :: event == E_upgrade_slave_dead ->
            if
            :: true -> state = S_upgrade_settling /* row 50: start moves, count */
            fi
        :: event == E_upgrade_counted ->
            if :: g_at_rest = true :: g_at_rest = false fi;
            if
            :: !g_at_rest -> state = S_upgrade_settling /* row 51 */
            :: g_at_rest -> state = S_upgrade_restoring /* row 52: end the moves, form shares, restore service, count */
            fi;
            d_step { g_at_rest = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if
            :: true -> state = S_upgrade_restoring /* row 53: end the moves, form shares, restore service, count */
            fi
        fi
    :: state == S_upgrade_restoring ->
        if
        :: event = E_upgrade_begun
        :: event = E_upgrade_launched
        :: event = E_upgrade_arrived
        :: event = E_upgrade_old_prepared
        :: event = E_upgrade_new_prepared
        :: event = E_upgrade_shard_moved
        :: event = E_upgrade_shard_at_rest
        :: event = E_upgrade_shard_up
        :: event = E_upgrade_soft_started
        :: event = E_upgrade_goodbye
        :: event = E_upgrade_fully_started
        :: event = E_upgrade_failure
        :: event = E_upgrade_slave_dead
        :: event = E_upgrade_counted
        :: event = E_upgrade_dropped
        :: event = E_upgrade_deadline
        fi;
        if
        :: event == E_upgrade_begun -> skip /* refused: an upgrade begins once */
        :: event == E_upgrade_launched -> skip /* ignored: the slave was faster than the news of its launch, or is not needed any more */
        :: event == E_upgrade_arrived ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 63: ask again */
            :: !g_awaited -> state = S_upgrade_restoring /* row 64: count */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_old_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_new_prepared -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_shard_moved -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_at_rest -> skip /* ignored: the count comes with the answer that is waited for */
        :: event == E_upgrade_shard_up -> skip /* ignored: a full start repeats it */
        :: event == E_upgrade_soft_started -> skip /* ignored: the answer to a request that has ceased to matter */
        :: event == E_upgrade_goodbye -> skip /* ignored: its end is what is waited for */
        :: event == E_upgrade_fully_started ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 55: tick off, count */
            :: !g_awaited -> state = S_upgrade_restoring /* row 56: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_failure ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 57: complain, tick off, count */
            :: !g_awaited -> state = S_upgrade_restoring /* row 58: complain */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_slave_dead ->
            if :: g_awaited = true :: g_awaited = false fi;
            if
            :: g_awaited -> state = S_upgrade_restoring /* row 72: tick off, count */
            :: !g_awaited -> state = S_upgrade_restoring /* row 73 */
            fi;
            d_step { g_awaited = false }
        :: event == E_upgrade_counted ->
            if :: g_nobody_awaited = true :: g_nobody_awaited = false fi;
            if
            :: !g_nobody_awaited -> state = S_upgrade_restoring /* row 59 */
            :: g_nobody_awaited -> state = S_upgrade_failed /* row 60: finish */
            fi;
            d_step { g_nobody_awaited = false }
        :: event == E_upgrade_dropped ->
            if
            :: true -> state = S_upgrade_failed /* row 78: note the failure, end the moves, finish */
            fi
        :: event == E_upgrade_deadline ->
            if :: g_rest_killable = true :: g_rest_killable = false fi;
            if
            :: g_rest_killable -> state = S_upgrade_restoring /* row 61: kill the rest */
            :: !g_rest_killable -> state = S_upgrade_failed /* row 62: report the rest, finish */
            fi;
            d_step { g_rest_killable = false }
        fi
    od
}
