#ifndef declared_sample_1_table
#define declared_sample_1_table
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
mtype:state_sample_1_table state_sample_1_table[N_sample_1_table] = S_sample_1_table_on_old;
#define armed_sample_1_table_copy_timed_out(me) (state_sample_1_table[me] == S_sample_1_table_copying_A_B_50_b_amp_1_b || state_sample_1_table[me] == S_sample_1_table_on_old_2)
#define settled_sample_1_table(me) (state_sample_1_table[me] == S_sample_1_table_on_old || state_sample_1_table[me] == S_sample_1_table_z_r_ck_ende || state_sample_1_table[me] == S_sample_1_table_end)
#else
proctype p_sample_1_table(byte me) {
    mtype:event_sample_1_table event;
end:
    do
    :: atomic {
        next_sample_1_table(me, event);
        if
        :: event == 0 -> skip
        :: event != 0 && state_sample_1_table[me] == S_sample_1_table_on_old ->
        if
        :: event == E_sample_1_table_begin_now_then ->
            if
            :: true -> state_sample_1_table[me] = S_sample_1_table_copying_A_B_50_b_amp_1_b; e_sample_1_table_send_go(me) /* row 0: send #go */
            fi
        :: event == E_sample_1_table_record -> refused_sample_1_table(me, E_sample_1_table_record) /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out -> skip /* ignored: The deadline passed while it was being disarmed. */
        :: event == E_sample_1_table_stop_or_not -> refused_sample_1_table(me, E_sample_1_table_stop_or_not) /* refused: There is nothing to stop. */
        fi
        :: event != 0 && state_sample_1_table[me] == S_sample_1_table_copying_A_B_50_b_amp_1_b ->
        if
        :: event == E_sample_1_table_begin_now_then ->
            if
            :: true -> state_sample_1_table[me] = S_sample_1_table_copying_A_B_50_b_amp_1_b /* row 4 */
            fi
        :: event == E_sample_1_table_record ->
            if
            :: !(g_sample_1_table_last_one(me)) -> state_sample_1_table[me] = S_sample_1_table_copying_A_B_50_b_amp_1_b; e_sample_1_table_note(me) /* row 1: note */
            :: (g_sample_1_table_last_one(me)) && (g_sample_1_table_urgent(me)) -> state_sample_1_table[me] = S_sample_1_table_end; e_sample_1_table_note(me); e_sample_1_table_send_go(me) /* row 2: note, send #go */
            :: (g_sample_1_table_last_one(me)) && !(g_sample_1_table_urgent(me)) -> state_sample_1_table[me] = S_sample_1_table_z_r_ck_ende; e_sample_1_table_note(me) /* row 3: note */
            fi
        :: event == E_sample_1_table_copy_timed_out ->
            if
            :: true -> state_sample_1_table[me] = S_sample_1_table_on_old_2 /* row 5 */
            fi
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> state_sample_1_table[me] = S_sample_1_table_end; e_sample_1_table_send_go(me) /* row 8: send #go */
            fi
        fi
        :: event != 0 && state_sample_1_table[me] == S_sample_1_table_on_old_2 ->
        if
        :: event == E_sample_1_table_begin_now_then -> refused_sample_1_table(me, E_sample_1_table_begin_now_then) /* refused: It has begun. */
        :: event == E_sample_1_table_record -> refused_sample_1_table(me, E_sample_1_table_record) /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out ->
            if
            :: (g_sample_1_table_urgent(me)) -> state_sample_1_table[me] = S_sample_1_table_end /* row 6 */
            :: !(g_sample_1_table_urgent(me)) -> state_sample_1_table[me] = S_sample_1_table_on_old_2 /* row 7 */
            fi
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> state_sample_1_table[me] = S_sample_1_table_end; e_sample_1_table_send_go(me) /* row 8: send #go */
            fi
        fi
        :: event != 0 && state_sample_1_table[me] == S_sample_1_table_z_r_ck_ende ->
        if
        :: event == E_sample_1_table_begin_now_then -> refused_sample_1_table(me, E_sample_1_table_begin_now_then) /* refused: It has begun. */
        :: event == E_sample_1_table_record -> refused_sample_1_table(me, E_sample_1_table_record) /* refused: Records | come only while copying. */
        :: event == E_sample_1_table_copy_timed_out -> skip /* ignored: The deadline passed while it was being disarmed. */
        :: event == E_sample_1_table_stop_or_not ->
            if
            :: true -> state_sample_1_table[me] = S_sample_1_table_end; e_sample_1_table_send_go(me) /* row 8: send #go */
            fi
        fi
        :: event != 0 && state_sample_1_table[me] == S_sample_1_table_end ->
        if
        :: event == E_sample_1_table_begin_now_then -> skip /* ignored: It is over. */
        :: event == E_sample_1_table_record -> skip /* ignored: It is over. */
        :: event == E_sample_1_table_copy_timed_out -> skip /* ignored: It is over. */
        :: event == E_sample_1_table_stop_or_not -> skip /* ignored: It is over. */
        fi
        fi;
        after_sample_1_table(me);
        event = 0 }
    od
}
#endif
