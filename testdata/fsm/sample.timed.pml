/* sample "1" | table: A hand-over in miniature.  * / It has <nasty> names. */
mtype:state_sample_1_table = {
    S_sample_1_table_on_old,
    S_sample_1_table_copying_A_B_50_b_amp_1_b,
    S_sample_1_table_on_old_2,
    S_sample_1_table_z_r_ck_ende,
    S_sample_1_table_end
}
mtype:event_sample_1_table = {
    E_sample_1_table_begin_now_then,
    E_sample_1_table_record,
    E_sample_1_table_copy_timed_out,
    E_sample_1_table_stop_or_not
}
mtype:state_sample_1_table state_sample_1_table = S_sample_1_table_on_old;

/* What the last event was and did: a deadline fired, the state changed, the
   deadline of the state was armed anew. An event that is not a deadline comes
   from outside. */
bool fired_sample_1_table, moved_sample_1_table, rearmed_sample_1_table;
#define step_sample_1_table(to, fired, moved, rearmed) \
    d_step { state_sample_1_table = to; fired_sample_1_table = fired; moved_sample_1_table = moved; rearmed_sample_1_table = rearmed }

active proctype p_sample_1_table() {
    mtype:event_sample_1_table event;
    bool g_last_one; /* last; one: The record is the last one. */
    bool g_urgent; /* urgent: Nobody wants to wait. */
    do
    :: state_sample_1_table == S_sample_1_table_end -> assert(true); break
    :: state_sample_1_table == S_sample_1_table_on_old ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then ->
            if
            :: true -> step_sample_1_table(S_sample_1_table_copying_A_B_50_b_amp_1_b, false, true, false) /* row 0: send #go */
            fi
        :: event == E_sample_1_table_record -> step_sample_1_table(state_sample_1_table, false, false, false) /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_stop_or_not -> step_sample_1_table(state_sample_1_table, false, false, false) /* refused: There is nothing to stop. */
        fi
    :: state_sample_1_table == S_sample_1_table_copying_A_B_50_b_amp_1_b ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_copy_timed_out
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then ->
            if
            :: true -> step_sample_1_table(S_sample_1_table_copying_A_B_50_b_amp_1_b, false, false, false) /* row 4 */
            fi
        :: event == E_sample_1_table_record ->
            if :: g_last_one = true :: g_last_one = false fi;
            if :: g_urgent = true :: g_urgent = false fi;
            if
            :: !g_last_one -> step_sample_1_table(S_sample_1_table_copying_A_B_50_b_amp_1_b, false, false, true) /* row 1: note */
            :: g_last_one && g_urgent -> step_sample_1_table(S_sample_1_table_end, false, true, false) /* row 2: note, send #go */
            :: g_last_one && !g_urgent -> step_sample_1_table(S_sample_1_table_z_r_ck_ende, false, true, false) /* row 3: note */
            fi;
            d_step { g_last_one = false; g_urgent = false }
        :: event == E_sample_1_table_copy_timed_out ->
            if
            :: true -> step_sample_1_table(S_sample_1_table_on_old_2, true, true, false) /* row 5 */
            fi
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> step_sample_1_table(S_sample_1_table_end, false, true, false) /* row 8: send #go */
            fi
        fi
    :: state_sample_1_table == S_sample_1_table_on_old_2 ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_copy_timed_out
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then -> step_sample_1_table(state_sample_1_table, false, false, false) /* refused: It has begun. */
        :: event == E_sample_1_table_record -> step_sample_1_table(state_sample_1_table, false, false, false) /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out ->
            if :: g_urgent = true :: g_urgent = false fi;
            if
            :: g_urgent -> step_sample_1_table(S_sample_1_table_end, true, true, false) /* row 6 */
            :: !g_urgent -> step_sample_1_table(S_sample_1_table_on_old_2, true, false, true) /* row 7 */
            fi;
            d_step { g_urgent = false }
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> step_sample_1_table(S_sample_1_table_end, false, true, false) /* row 8: send #go */
            fi
        fi
    :: state_sample_1_table == S_sample_1_table_z_r_ck_ende ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then -> step_sample_1_table(state_sample_1_table, false, false, false) /* refused: It has begun. */
        :: event == E_sample_1_table_record -> step_sample_1_table(state_sample_1_table, false, false, false) /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> step_sample_1_table(S_sample_1_table_end, false, true, false) /* row 8: send #go */
            fi
        fi
    od
}

#define waiting_sample_1_table (state_sample_1_table == S_sample_1_table_copying_A_B_50_b_amp_1_b || state_sample_1_table == S_sample_1_table_on_old_2)
#define settled_sample_1_table (state_sample_1_table == S_sample_1_table_on_old || state_sample_1_table == S_sample_1_table_z_r_ck_ende || state_sample_1_table == S_sample_1_table_end)
#ifndef recurs_sample_1_table
#define recurs_sample_1_table false
#endif
ltl left_sample_1_table { ([]<>(fired_sample_1_table || moved_sample_1_table || !waiting_sample_1_table)) -> ([]<>(rearmed_sample_1_table || moved_sample_1_table || !waiting_sample_1_table)) }
ltl settles_sample_1_table { []<>(!fired_sample_1_table || rearmed_sample_1_table || settled_sample_1_table || recurs_sample_1_table) }
