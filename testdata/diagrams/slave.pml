/* slave: One bot process, from its first connection to its end. */
mtype:state_slave = {
    S_slave_idle,
    S_slave_starting,
    S_slave_full_starting,
    S_slave_soft_preparing,
    S_slave_soft_starting,
    S_slave_soft_started,
    S_slave_running,
    S_slave_preparing_out,
    S_slave_moving_out,
    S_slave_preparing_in,
    S_slave_moving_in,
    S_slave_letting_go,
    S_slave_shutting_down,
    S_slave_stopped
}
mtype:event_slave = {
    E_slave_full_start,
    E_slave_soft_start,
    E_slave_hand_out,
    E_slave_take_in,
    E_slave_stop_a_shard,
    E_slave_copy_a_shard,
    E_slave_resume_a_shard,
    E_slave_arm_a_shard,
    E_slave_no_more_shards,
    E_slave_shut_down,
    E_slave_shards_settled,
    E_slave_shards_gone,
    E_slave_prepared,
    E_slave_not_prepared,
    E_slave_fully_started,
    E_slave_not_fully_started,
    E_slave_has_shut_down,
    E_slave_lease_over,
    E_slave_deadline
}

active proctype p_slave() {
    mtype:state_slave state = S_slave_idle;
    mtype:event_slave event;
    bool g_serving; /* serving: a shard runs here or is about to */
    bool g_keeping; /* keeping: the session of a shard that has stopped here is kept */
    bool g_barren; /* barren: shards were assigned and not one has come up */
    bool g_full_start_due; /* full start due: FullStart was never called */
    bool g_full_start_done; /* full start done: FullStart was called and has succeeded */
    bool g_epochs_used; /* epochs used: the master speaks dialect 2 */
    do
    :: state == S_slave_stopped -> assert(true); break
    :: state == S_slave_idle ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start ->
            if
            :: true -> state = S_slave_soft_preparing /* row 14: call SoftStart */
            fi
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in ->
            if
            :: true -> state = S_slave_preparing_in /* row 29: open inboxes, call StartShardTransferTo */
            fi
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_idle /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        fi
    :: state == S_slave_starting ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 11: begin shards */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out ->
            if
            :: true -> state = S_slave_starting /* row 13: keep the request */
            fi
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled ->
            if :: g_barren = true :: g_barren = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if :: g_full_start_due = true :: g_full_start_due = false fi;
            if :: g_full_start_done = true :: g_full_start_done = false fi;
            if
            :: g_barren && !g_serving -> state = S_slave_idle /* row 1: report failure, take up the kept request */
            :: g_barren && g_serving -> state = S_slave_running /* row 2: report failure, take up the kept request */
            :: !g_barren && g_full_start_due -> state = S_slave_full_starting /* row 3: call FullStart */
            :: !g_barren && !g_full_start_due && g_full_start_done -> state = S_slave_running /* row 4: answer, take up the kept request */
            :: !g_barren && !g_full_start_due && !g_full_start_done -> state = S_slave_running /* row 5: report failure, take up the kept request */
            fi;
            d_step { g_barren = false; g_serving = false; g_full_start_due = false; g_full_start_done = false }
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_starting /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_running /* row 6: report failure, take up the kept request */
            fi
        fi
    :: state == S_slave_full_starting ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_full_starting /* row 12: keep the request */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out ->
            if
            :: true -> state = S_slave_full_starting /* row 13: keep the request */
            fi
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started ->
            if
            :: true -> state = S_slave_running /* row 8: answer, take up the kept request */
            fi
        :: event == E_slave_not_fully_started ->
            if
            :: true -> state = S_slave_running /* row 9: report failure, take up the kept request */
            fi
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_full_starting /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_running /* row 10: report failure, take up the kept request */
            fi
        fi
    :: state == S_slave_soft_preparing ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start -> skip /* refused: the slave is busy with a soft start, or ends */
        :: event == E_slave_soft_start -> skip /* ignored: the one under way will be answered */
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared ->
            if
            :: true -> state = S_slave_soft_starting /* row 15: begin shards */
            fi
        :: event == E_slave_not_prepared ->
            if
            :: true -> state = S_slave_idle /* row 16: report failure */
            fi
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_soft_preparing /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_idle /* row 17: report failure */
            fi
        fi
    :: state == S_slave_soft_starting ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start -> skip /* refused: the slave is busy with a soft start, or ends */
        :: event == E_slave_soft_start -> skip /* ignored: the one under way will be answered */
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled ->
            if :: g_barren = true :: g_barren = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: !g_barren -> state = S_slave_soft_started /* row 18: answer */
            :: g_barren && !g_serving -> state = S_slave_idle /* row 19: report failure */
            :: g_barren && g_serving -> state = S_slave_soft_started /* row 20: report failure */
            fi;
            d_step { g_barren = false; g_serving = false }
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_soft_starting /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_soft_started /* row 7: report failure */
            fi
        fi
    :: state == S_slave_soft_started ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start ->
            if
            :: true -> state = S_slave_soft_started /* row 21: answer */
            fi
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_soft_started /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        fi
    :: state == S_slave_running ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out ->
            if
            :: true -> state = S_slave_preparing_out /* row 22: call StartShardTransferFrom */
            fi
        :: event == E_slave_take_in ->
            if
            :: true -> state = S_slave_preparing_in /* row 29: open inboxes, call StartShardTransferTo */
            fi
        :: event == E_slave_stop_a_shard ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if
            :: g_epochs_used -> state = S_slave_running /* row 41: pass to the shard */
            :: !g_epochs_used -> state = S_slave_running /* row 42: report failure */
            fi;
            d_step { g_epochs_used = false }
        :: event == E_slave_copy_a_shard ->
            if
            :: true -> state = S_slave_running /* row 43: pass to the shard */
            fi
        :: event == E_slave_resume_a_shard ->
            if
            :: true -> state = S_slave_running /* row 44: pass to the shard */
            fi
        :: event == E_slave_arm_a_shard ->
            if
            :: true -> state = S_slave_running /* row 45: pass to the shard */
            fi
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_running /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        fi
    :: state == S_slave_preparing_out ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out ->
            if
            :: true -> state = S_slave_preparing_out /* row 25: undertake */
            fi
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard ->
            if
            :: true -> state = S_slave_preparing_out /* row 44: pass to the shard */
            fi
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared ->
            if
            :: true -> state = S_slave_moving_out /* row 26: answer */
            fi
        :: event == E_slave_not_prepared ->
            if
            :: true -> state = S_slave_running /* row 27: report failure */
            fi
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_preparing_out /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_running /* row 28: report failure */
            fi
        fi
    :: state == S_slave_moving_out ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out ->
            if
            :: true -> state = S_slave_moving_out /* row 24: answer */
            fi
        :: event == E_slave_take_in ->
            if
            :: true -> state = S_slave_preparing_in /* row 31: open inboxes, call StartShardTransferTo */
            fi
        :: event == E_slave_stop_a_shard ->
            if
            :: true -> state = S_slave_moving_out /* row 40: pass to the shard */
            fi
        :: event == E_slave_copy_a_shard ->
            if
            :: true -> state = S_slave_moving_out /* row 43: pass to the shard */
            fi
        :: event == E_slave_resume_a_shard ->
            if
            :: true -> state = S_slave_moving_out /* row 44: pass to the shard */
            fi
        :: event == E_slave_arm_a_shard ->
            if
            :: true -> state = S_slave_moving_out /* row 45: pass to the shard */
            fi
        :: event == E_slave_no_more_shards ->
            if
            :: true -> state = S_slave_shutting_down /* row 47: call Shutdown */
            fi
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_moving_out /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        fi
    :: state == S_slave_preparing_in ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in ->
            if
            :: true -> state = S_slave_preparing_in /* row 32: open inboxes, undertake */
            fi
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard ->
            if
            :: true -> state = S_slave_preparing_in /* row 44: pass to the shard */
            fi
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared ->
            if
            :: true -> state = S_slave_moving_in /* row 33: answer */
            fi
        :: event == E_slave_not_prepared ->
            if :: g_serving = true :: g_serving = false fi;
            if :: g_keeping = true :: g_keeping = false fi;
            if
            :: g_serving -> state = S_slave_running /* row 34: report failure */
            :: !g_serving && g_keeping -> state = S_slave_running /* row 35: report failure */
            :: !g_serving && !g_keeping -> state = S_slave_idle /* row 36: report failure */
            fi;
            d_step { g_serving = false; g_keeping = false }
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_preparing_in /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline ->
            if :: g_serving = true :: g_serving = false fi;
            if :: g_keeping = true :: g_keeping = false fi;
            if
            :: g_serving -> state = S_slave_running /* row 37: report failure */
            :: !g_serving && g_keeping -> state = S_slave_running /* row 38: report failure */
            :: !g_serving && !g_keeping -> state = S_slave_idle /* row 39: report failure */
            fi;
            d_step { g_serving = false; g_keeping = false }
        fi
    :: state == S_slave_moving_in ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start ->
            if
            :: true -> state = S_slave_starting /* row 0: begin shards */
            fi
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out ->
            if
            :: true -> state = S_slave_preparing_out /* row 23: call StartShardTransferFrom */
            fi
        :: event == E_slave_take_in ->
            if
            :: true -> state = S_slave_moving_in /* row 30: open inboxes, answer */
            fi
        :: event == E_slave_stop_a_shard ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if
            :: g_epochs_used -> state = S_slave_moving_in /* row 41: pass to the shard */
            :: !g_epochs_used -> state = S_slave_moving_in /* row 42: report failure */
            fi;
            d_step { g_epochs_used = false }
        :: event == E_slave_copy_a_shard ->
            if
            :: true -> state = S_slave_moving_in /* row 43: pass to the shard */
            fi
        :: event == E_slave_resume_a_shard ->
            if
            :: true -> state = S_slave_moving_in /* row 44: pass to the shard */
            fi
        :: event == E_slave_arm_a_shard ->
            if
            :: true -> state = S_slave_moving_in /* row 45: pass to the shard */
            fi
        :: event == E_slave_no_more_shards -> skip /* refused: only the old slave of an upgrade has shards to run out of */
        :: event == E_slave_shut_down ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if :: g_serving = true :: g_serving = false fi;
            if
            :: g_epochs_used && g_serving -> state = S_slave_letting_go /* row 48: let go of every shard */
            :: g_epochs_used && !g_serving -> state = S_slave_shutting_down /* row 49: report the shards, call Shutdown */
            :: !g_epochs_used -> state = S_slave_shutting_down /* row 50: call Shutdown */
            fi;
            d_step { g_epochs_used = false; g_serving = false }
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over ->
            if
            :: true -> state = S_slave_moving_in /* row 46: let go of every shard */
            fi
        :: event == E_slave_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        fi
    :: state == S_slave_letting_go ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start -> skip /* refused: the slave is busy with a soft start, or ends */
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* ignored: that is what it does */
        :: event == E_slave_shut_down -> skip /* ignored: that is what it does */
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone ->
            if
            :: true -> state = S_slave_shutting_down /* row 51: report the shards, call Shutdown */
            fi
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down -> skip /* refused: no Shutdown was under way */
        :: event == E_slave_lease_over -> skip /* ignored: that is what it does */
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_shutting_down /* row 52: report the shards, call Shutdown */
            fi
        fi
    :: state == S_slave_shutting_down ->
        if
        :: event = E_slave_full_start
        :: event = E_slave_soft_start
        :: event = E_slave_hand_out
        :: event = E_slave_take_in
        :: event = E_slave_stop_a_shard
        :: event = E_slave_copy_a_shard
        :: event = E_slave_resume_a_shard
        :: event = E_slave_arm_a_shard
        :: event = E_slave_no_more_shards
        :: event = E_slave_shut_down
        :: event = E_slave_shards_settled
        :: event = E_slave_shards_gone
        :: event = E_slave_prepared
        :: event = E_slave_not_prepared
        :: event = E_slave_fully_started
        :: event = E_slave_not_fully_started
        :: event = E_slave_has_shut_down
        :: event = E_slave_lease_over
        :: event = E_slave_deadline
        fi;
        if
        :: event == E_slave_full_start -> skip /* refused: the slave is busy with a soft start, or ends */
        :: event == E_slave_soft_start -> skip /* refused: only an idle slave can start softly */
        :: event == E_slave_hand_out -> skip /* refused: only a slave that runs, or takes shards in, has shards to hand out */
        :: event == E_slave_take_in -> skip /* refused: only a slave that is idle, runs or hands shards out can take shards in */
        :: event == E_slave_stop_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_copy_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_resume_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_arm_a_shard -> skip /* refused: the slave is not in an upgrade */
        :: event == E_slave_no_more_shards -> skip /* ignored: that is what it does */
        :: event == E_slave_shut_down -> skip /* ignored: that is what it does */
        :: event == E_slave_shards_settled -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_shards_gone -> skip /* ignored: nothing waits for it any more */
        :: event == E_slave_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_prepared -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_not_fully_started -> skip /* ignored: the callback returned after its result had ceased to matter */
        :: event == E_slave_has_shut_down ->
            if
            :: true -> state = S_slave_stopped /* row 53: end */
            fi
        :: event == E_slave_lease_over -> skip /* ignored: that is what it does */
        :: event == E_slave_deadline ->
            if
            :: true -> state = S_slave_stopped /* row 54: end */
            fi
        fi
    od
}
