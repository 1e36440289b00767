package dev.doorbell.system.faults.history;

import java.net.URI;
import java.util.function.Supplier;

/** Registrations at a steady rate, each logged. */
public final class Load implements AutoCloseable {
    private Load() {}

    /**
     * @param customers where to POST registrations, asked for each call: {@code http://…/customers}
     * @param seed decides what is registered; the order of calls is up to the threads
     * @param clients how many calls may be in flight
     */
    public static Load start(Supplier<URI> customers, CallLog log, long seed, int clients, double perSecond) {
        throw new UnsupportedOperationException(customers + "" + log + seed + clients + perSecond);
    }

    /** Sends no more and waits until every call has ended. */
    public void end() {}

    @Override
    public void close() {
        end();
    }
}
