package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.RegistrationView;
import dev.doorbell.customer.store.CustomerStore;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watchers when their registration becomes terminal, whichever instance makes the transition. One query for all
 * of an instance's watchers, every {@value #INTERVAL_MS} ms and only while there are any: a NOTIFY from each
 * transition would take the lock that serialises commits. Use from one event loop.
 */
public final class WatchRegistrations {
    public static final int WATCHERS_MAX = 10_000;
    private static final long INTERVAL_MS = 100;
    private static final int IDS_PER_QUERY = 1_000;
    private static final long QUERY_TIMEOUT_MS = 5_000;
    private static final Logger log = LoggerFactory.getLogger(WatchRegistrations.class);

    private final Vertx vertx;
    private final Pool pool;
    private final CustomerStore store;
    private final Map<UUID, Set<Consumer<RegistrationView>>> watchers = new HashMap<>();
    private int count;
    private boolean running;

    public WatchRegistrations(Vertx vertx, Pool pool, CustomerStore store) {
        this.vertx = vertx;
        this.pool = pool;
        this.store = store;
    }

    /**
     * Calls {@code watcher} once, when the registration is terminal.
     *
     * @return what ends the watch before that, or null when there are too many watchers already
     */
    public Runnable watch(UUID id, Consumer<RegistrationView> watcher) {
        if (count >= WATCHERS_MAX) {
            return null;
        }
        watchers.computeIfAbsent(id, key -> new LinkedHashSet<>()).add(watcher);
        count++;
        schedule();
        return () -> remove(id, watcher);
    }

    /** How many watch at the moment. */
    public int count() {
        return count;
    }

    private void remove(UUID id, Consumer<RegistrationView> watcher) {
        Set<Consumer<RegistrationView>> ofId = watchers.get(id);
        if (ofId != null && ofId.remove(watcher)) {
            count--;
            if (ofId.isEmpty()) {
                watchers.remove(id);
            }
        }
    }

    private void schedule() {
        if (!running && count > 0) {
            running = true;
            vertx.setTimer(INTERVAL_MS, timer -> look(new ArrayList<>(watchers.keySet()), 0));
        }
    }

    private void look(List<UUID> ids, int from) {
        List<UUID> page = ids.subList(from, Math.min(from + IDS_PER_QUERY, ids.size()));
        // Bounded here, because the next look waits for this one: on a half-open connection it would wait for ever.
        store.findRegistrations(pool, page)
                .timeout(QUERY_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onComplete(found -> {
                    if (found.failed()) {
                        log.warn(
                                "Registrations could not be watched this time: {}",
                                found.cause().getMessage());
                    } else {
                        found.result().stream()
                                .filter(view -> view.status().isTerminal())
                                .forEach(this::tell);
                    }
                    if (found.succeeded() && from + IDS_PER_QUERY < ids.size()) {
                        look(ids, from + IDS_PER_QUERY);
                    } else {
                        running = false;
                        schedule();
                    }
                });
    }

    private void tell(RegistrationView view) {
        Set<Consumer<RegistrationView>> ofId = watchers.remove(view.id());
        if (ofId != null) {
            count -= ofId.size();
            ofId.forEach(watcher -> tell(watcher, view));
        }
    }

    /** One watcher's failure must not keep the news from the others, nor end the looking. */
    private static void tell(Consumer<RegistrationView> watcher, RegistrationView view) {
        try {
            watcher.accept(view);
        } catch (RuntimeException e) {
            log.error("Registration {}: a watcher could not be told that it is settled", view.id(), e);
        }
    }
}
