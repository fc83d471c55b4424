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

active proctype p_sample_1_table() {
    mtype:state_sample_1_table state = S_sample_1_table_on_old;
    mtype:event_sample_1_table event;
    bool g_last_one; /* last; one: The record is the last one. */
    bool g_urgent; /* urgent: Nobody wants to wait. */
    do
    :: state == S_sample_1_table_end -> assert(true); break
    :: state == S_sample_1_table_on_old ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_copy_timed_out
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then ->
            if
            :: true -> state = S_sample_1_table_copying_A_B_50_b_amp_1_b /* row 0: send #go */
            fi
        :: event == E_sample_1_table_record -> skip /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out -> skip /* ignored: The deadline passed while it was being disarmed. */
        :: event == E_sample_1_table_stop_or_not -> skip /* refused: There is nothing to stop. */
        fi
    :: state == S_sample_1_table_copying_A_B_50_b_amp_1_b ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_copy_timed_out
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then ->
            if
            :: true -> state = S_sample_1_table_copying_A_B_50_b_amp_1_b /* row 4 */
            fi
        :: event == E_sample_1_table_record ->
            if :: g_last_one = true :: g_last_one = false fi;
            if :: g_urgent = true :: g_urgent = false fi;
            if
            :: !g_last_one -> state = S_sample_1_table_copying_A_B_50_b_amp_1_b /* row 1: note */
            :: g_last_one && g_urgent -> state = S_sample_1_table_end /* row 2: note, send #go */
            :: g_last_one && !g_urgent -> state = S_sample_1_table_z_r_ck_ende /* row 3: note */
            fi;
            d_step { g_last_one = false; g_urgent = false }
        :: event == E_sample_1_table_copy_timed_out ->
            if
            :: true -> state = S_sample_1_table_on_old_2 /* row 5 */
            fi
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> state = S_sample_1_table_end /* row 8: send #go */
            fi
        fi
    :: state == S_sample_1_table_on_old_2 ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_copy_timed_out
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then -> skip /* refused: It has begun. */
        :: event == E_sample_1_table_record -> skip /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out ->
            if :: g_urgent = true :: g_urgent = false fi;
            if
            :: g_urgent -> state = S_sample_1_table_end /* row 6 */
            :: !g_urgent -> state = S_sample_1_table_on_old_2 /* row 7 */
            fi;
            d_step { g_urgent = false }
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> state = S_sample_1_table_end /* row 8: send #go */
            fi
        fi
    :: state == S_sample_1_table_z_r_ck_ende ->
        if
        :: event = E_sample_1_table_begin_now_then
        :: event = E_sample_1_table_record
        :: event = E_sample_1_table_copy_timed_out
        :: event = E_sample_1_table_stop_or_not
        fi;
        if
        :: event == E_sample_1_table_begin_now_then -> skip /* refused: It has begun. */
        :: event == E_sample_1_table_record -> skip /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out -> skip /* ignored: The deadline passed while it was being disarmed. */
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> state = S_sample_1_table_end /* row 8: send #go */
            fi
        fi
    od
}
