package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.store.DriftStore;
import dev.doorbell.customer.store.IdentityRecord;
import dev.doorbell.customer.store.ReconciliationStore.Pass;
import dev.doorbell.customer.store.ReconciliationStore.Position;
import dev.doorbell.customer.usecase.IdentityDirectory.DirectoryUser;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Our customers with the provider's users: finds registered customers who cannot sign in. Customers are paged by key, their
 * users are asked for by the ids on record, so nothing here depends on the order in which the provider lists its users.
 */
final class CustomersPass {
    private final Pool pool;
    private final DriftStore drift;
    private final PacedDirectory paced;
    private final RepairDrift repair;
    private final DriftFindings findings;
    private final RunLease lease;
    private final int pageSize;
    private long read;

    CustomersPass(
            Pool pool,
            DriftStore drift,
            PacedDirectory paced,
            RepairDrift repair,
            DriftFindings findings,
            RunLease lease,
            ReconcileIdentities.Options options) {
        this.pool = pool;
        this.drift = drift;
        this.paced = paced;
        this.repair = repair;
        this.findings = findings;
        this.lease = lease;
        this.pageSize = options.pageSize();
    }

    long read() {
        return read;
    }

    Future<Void> run() {
        return Loop.whileTrue(this::page);
    }

    private Future<Boolean> page() {
        return drift.page(pool, lease.position().customersAfter(), pageSize).compose(rows -> {
            if (rows.isEmpty()) {
                return Future.succeededFuture(false);
            }
            read += rows.size();
            UUID last = rows.get(rows.size() - 1).customerId();
            return compare(rows.stream().filter(CompareUser::needsUser).toList())
                    .compose(compared -> lease.save(new Position(Pass.CUSTOMERS, 0, List.of(), last, 0)))
                    .map(rows.size() == pageSize);
        });
    }

    private Future<Void> compare(List<IdentityRecord> customers) {
        List<String> ids = customers.stream()
                .map(IdentityRecord::userId)
                .filter(id -> id != null)
                .toList();
        Map<String, DirectoryUser> users = new HashMap<>();
        return Loop.over(
                        chunks(ids),
                        chunk -> paced.call((directory, permit) -> directory.withIds(permit, chunk))
                                .map(found -> {
                                    found.forEach(user -> users.put(user.id(), user));
                                    return null;
                                }))
                .compose(read -> {
                    List<IdentityRecord> suspects = customers.stream()
                            .filter(customer -> CompareUser.ofCustomer(
                                            customer,
                                            Optional.ofNullable(users.get(customer.userId())),
                                            Optional.empty())
                                    .isPresent())
                            .toList();
                    return Loop.over(suspects, this::confirm);
                });
    }

    private static List<List<String>> chunks(List<String> ids) {
        List<List<String>> chunks = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += IdentityDirectory.IDS_MAX) {
            chunks.add(ids.subList(from, Math.min(ids.size(), from + IdentityDirectory.IDS_MAX)));
        }
        return chunks;
    }

    /** First the user again, then the row: see {@link CompareUser}. What has changed since is no drift. */
    private Future<Void> confirm(IdentityRecord customer) {
        return recorded(customer)
                .compose(recorded -> named(customer, recorded)
                        .compose(named -> drift.records(pool, Set.of(customer.customerId()))
                                .compose(rows -> rows.contains(customer)
                                        ? CompareUser.ofCustomer(customer, recorded, named)
                                                .map(kind -> found(kind, customer))
                                                .orElseGet(Future::succeededFuture)
                                        : Future.succeededFuture())));
    }

    private Future<Optional<DirectoryUser>> recorded(IdentityRecord customer) {
        return customer.userId() == null
                ? Future.succeededFuture(Optional.empty())
                : paced.call((directory, permit) -> directory.withId(permit, customer.userId()));
    }

    private Future<Optional<DirectoryUser>> named(IdentityRecord customer, Optional<DirectoryUser> recorded) {
        return CompareUser.isItsUser(customer, recorded) || CompareUser.hasLostItsMark(customer, recorded)
                ? Future.succeededFuture(Optional.empty())
                : paced.call((directory, permit) -> directory.withName(permit, customer.username()));
    }

    private Future<Void> found(DriftKind kind, IdentityRecord customer) {
        return findings.found(kind, customer.customerId(), customer.userId(), () -> repair.enableAgain(customer));
    }
}
