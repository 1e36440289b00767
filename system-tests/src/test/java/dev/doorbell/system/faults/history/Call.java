package dev.doorbell.system.faults.history;

import java.time.Instant;
import java.util.UUID;

/**
 * One {@code POST /customers} as its caller saw it.
 *
 * @param number unique in its log; the customer carries it in its last name, see {@link #lastName}
 * @param username canonical; other calls may have asked for the same one
 * @param status of the answer, 0 without one
 * @param id what the answer gave; null unless it was a 202 that could be read
 */
public record Call(
        long number, String username, Instant sentAt, Instant endedAt, Outcome outcome, int status, UUID id) {
    /** By this the checker finds the customer of a call that got no id. */
    public static String lastName(long number) {
        return "Call " + number;
    }

    public String lastName() {
        return lastName(number);
    }
}
