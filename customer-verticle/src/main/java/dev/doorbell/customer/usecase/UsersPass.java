package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.DriftStore;
import dev.doorbell.customer.store.IdentityRecord;
import dev.doorbell.customer.store.ReconciliationStore.Pass;
import dev.doorbell.customer.store.ReconciliationStore.Position;
import dev.doorbell.customer.usecase.IdentityDirectory.DirectoryUser;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's users with our customers: finds users that should not be there or not be enabled.
 *
 * <p>The provider pages by offset, so a user that is removed in front moves all others forward, and one of them over the
 * border of a page, unseen. Therefore pages overlap: a page that holds nobody of the page before is not compared, but the
 * one that lies before it is read first. Together they cover an unbroken piece of the order, and nobody is skipped who was
 * there all the time; some are read twice.
 */
final class UsersPass {
    private static final Logger log = LoggerFactory.getLogger(UsersPass.class);
    private static final int OVERLAP_SHARE = 10;
    /** Beyond that a user that is read twice may be told twice. */
    private static final int REMEMBERED_MAX = 10_000;

    private record Unknown(DirectoryUser user, UUID customerId) {}

    private final Pool pool;
    private final DriftStore drift;
    private final PacedDirectory paced;
    private final RepairDrift repair;
    private final DriftFindings findings;
    private final RunLease lease;
    private final int pageSize;
    private final int unknownRemovedMax;
    /** Users of customers that there are not; at most one more than may be removed. */
    private final List<Unknown> unknown = new ArrayList<>();
    /** Users who were told of: after a step back they are read again. */
    private final Set<String> remembered = new HashSet<>();

    private long read;

    UsersPass(
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
        this.unknownRemovedMax = options.unknownRemovedMax();
    }

    long read() {
        return read;
    }

    Future<Void> run() {
        return Loop.whileTrue(this::page).compose(all -> removeUnknown());
    }

    private Future<Boolean> page() {
        Position position = lease.position();
        return paced.call((directory, permit) -> directory.page(permit, position.usersFirst(), pageSize))
                .compose(users -> {
                    if (position.usersFirst() > 0 && !overlaps(users, position.usersSeen())) {
                        return moveTo(Math.max(0, position.usersFirst() - pageSize), position.usersSeen())
                                .map(true);
                    }
                    read += users.size();
                    return compare(users, position.usersSeen())
                            .compose(compared -> moveTo(
                                    position.usersFirst() + Math.max(1, users.size() - overlap()),
                                    users.stream().map(DirectoryUser::id).toList()))
                            .map(users.size() >= pageSize);
                });
    }

    private int overlap() {
        return Math.max(1, pageSize / OVERLAP_SHARE);
    }

    private static boolean overlaps(List<DirectoryUser> users, List<String> seen) {
        Set<String> before = new HashSet<>(seen);
        return users.stream().anyMatch(user -> before.contains(user.id()));
    }

    private Future<Void> moveTo(int first, List<String> seen) {
        return lease.save(new Position(Pass.USERS, first, seen, null, 0));
    }

    /** @param seen compared with the page before */
    private Future<Void> compare(List<DirectoryUser> users, List<String> seen) {
        List<DirectoryUser> ours = users.stream()
                .filter(user ->
                        user.customerId().isPresent() && !seen.contains(user.id()) && !remembered.contains(user.id()))
                .toList();
        if (ours.isEmpty()) {
            return Future.succeededFuture();
        }
        return drift.records(
                        pool, ours.stream().map(user -> user.customerId().get()).collect(Collectors.toSet()))
                .compose(rows -> {
                    Map<UUID, IdentityRecord> byCustomer =
                            rows.stream().collect(Collectors.toMap(IdentityRecord::customerId, Function.identity()));
                    List<DirectoryUser> suspects = ours.stream()
                            .filter(user -> CompareUser.ofUser(user, row(byCustomer, user))
                                    .isPresent())
                            .toList();
                    return Loop.over(suspects, user -> confirm(user, row(byCustomer, user)));
                });
    }

    private static Optional<IdentityRecord> row(Map<UUID, IdentityRecord> rows, DirectoryUser user) {
        return Optional.ofNullable(rows.get(user.customerId().orElseThrow()));
    }

    /** First the user again, then the row: see {@link CompareUser}. What has changed since is no drift. */
    private Future<Void> confirm(DirectoryUser suspect, Optional<IdentityRecord> before) {
        UUID customerId = suspect.customerId().orElseThrow();
        return paced.call((directory, permit) -> directory.withId(permit, suspect.id()))
                .compose(again -> drift.records(pool, Set.of(customerId)).compose(rows -> {
                    Optional<IdentityRecord> row = rows.stream().findFirst();
                    if (again.isEmpty() || !again.get().belongsTo(customerId) || !row.equals(before)) {
                        return Future.succeededFuture();
                    }
                    return CompareUser.ofUser(again.get(), row)
                            .map(kind -> found(kind, again.get(), customerId, row))
                            .orElseGet(Future::succeededFuture);
                }));
    }

    private Future<Void> found(DriftKind kind, DirectoryUser user, UUID customerId, Optional<IdentityRecord> row) {
        if (remembered.size() < REMEMBERED_MAX) {
            remembered.add(user.id());
        }
        if (kind == DriftKind.SECOND_USER) {
            return second(user, row.orElseThrow());
        }
        if (row.isEmpty()) {
            if (findings.repairs(kind) && unknown.size() <= unknownRemovedMax) {
                unknown.add(new Unknown(user, customerId));
            }
            return told(kind, user, customerId);
        }
        return findings.found(
                kind,
                customerId,
                user.id(),
                () -> row.get().status() == RegistrationStatus.REGISTRATION_FAILED
                        ? repair.removeAgain(customerId, user.id())
                        : repair.disableAgain(row.get()));
    }

    private Future<Void> told(DriftKind kind, DirectoryUser user, UUID customerId) {
        findings.left(kind, customerId, user.id());
        return Future.succeededFuture();
    }

    /** Where the one on record is gone, this one is its successor, which the other pass takes up. */
    private Future<Void> second(DirectoryUser user, IdentityRecord customer) {
        return paced.call((directory, permit) -> directory.withId(permit, customer.userId()))
                .compose(recorded -> CompareUser.isItsUser(customer, recorded)
                        ? told(DriftKind.SECOND_USER, user, customer.customerId())
                        : Future.succeededFuture());
    }

    /**
     * No row of work can stand for a customer that there is not, so these are removed from here; all together, when all are
     * known: a service with another's database would remove everybody.
     */
    private Future<Void> removeUnknown() {
        if (unknown.size() > unknownRemovedMax) {
            log.error(
                    "More than {} users carry ids of customers that this database does not know; none is removed:"
                            + " is it the right database, and the realm ours alone?",
                    unknownRemovedMax);
            return Future.succeededFuture();
        }
        return Loop.over(unknown, this::remove);
    }

    private Future<Void> remove(Unknown left) {
        return drift.records(pool, Set.of(left.customerId()))
                .compose(rows -> rows.isEmpty()
                        ? paced.call((users, permit) ->
                                users.removeIfOf(permit, left.user().id(), left.customerId()))
                        : Future.succeededFuture(false))
                .map(removed -> {
                    if (removed) {
                        findings.repairedAfterAll(
                                DriftKind.UNKNOWN_CUSTOMER,
                                left.customerId(),
                                left.user().id());
                    }
                    return null;
                });
    }
}
