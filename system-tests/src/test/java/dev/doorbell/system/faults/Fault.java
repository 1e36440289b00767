package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.Set;

/**
 * Something that goes wrong for a while. Made from a seed alone, before there is a {@link World}; used once, from one
 * thread at a time.
 */
interface Fault {
    /** What it is counted by, such as {@code kill} or {@code black-hole}. */
    String kind();

    /** What it befalls. Two faults of one target never overlap, or the end of one would undo the other. */
    String target();

    /** Targets of other faults that must be well when this one begins, or it would meet nothing. */
    default Set<String> needs() {
        return Set.of();
    }

    /** Its parameters, for the timetable; may be empty. */
    default String details() {
        return "";
    }

    /**
     * Whether it may come to nothing although everything is as it should be, because what it breaks need not happen
     * while it lasts.
     */
    default boolean mayMiss() {
        return false;
    }

    /** How long from the end of {@link #begin} to {@link #end}. */
    Duration lasts();

    /**
     * May take a while: until a failpoint is met, for example, or what it is to break is there. An exception is a
     * violation: the run was not the one that was drawn.
     */
    void begin(World world);

    /** Undoes it. Called once, also when {@link #begin} failed. An exception is a violation too. */
    void end(World world);

    /** Whether it really took effect; asked after {@link #end}. */
    boolean hit();
}
