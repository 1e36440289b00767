package dev.doorbell.customer.usecase;

import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The users of an identity provider as a whole, ours and others', for comparing them with our customers. A failed call
 * fails with {@link IdentityProviderException}. Use from one event loop.
 */
public interface IdentityDirectory {
    /** As many ids as {@link #withIds} takes. */
    int IDS_MAX = 80;

    /** @param customerId whose user it is; empty for one that is not ours, or has lost what says so */
    record DirectoryUser(String id, String username, boolean enabled, Optional<UUID> customerId) {
        boolean belongsTo(UUID customer) {
            return customerId.filter(customer::equals).isPresent();
        }

        /** Without the name. */
        @Override
        public String toString() {
            return "user " + id;
        }
    }

    /** How many calls it is fit for at the moment; 0 while it is known to be down. */
    int capacity();

    /** The right to call it for a while. */
    Future<Permit> permit();

    /**
     * A page of all users in an order that does not change; less than {@code max} only at the end. The caller's set of users
     * changes all the same: who goes moves all behind it one place forward, across the border of a page.
     */
    Future<List<DirectoryUser>> page(Permit permit, int first, int max);

    /** Those of at most {@link #IDS_MAX} ids that are found at once. One that is not among them may exist all the same. */
    Future<List<DirectoryUser>> withIds(Permit permit, Collection<String> ids);

    Future<Optional<DirectoryUser>> withId(Permit permit, String id);

    Future<Optional<DirectoryUser>> withName(Permit permit, String username);

    /** Removes the user if it still carries this customer's id. @return whether it did */
    Future<Boolean> removeIfOf(Permit permit, String userId, UUID customerId);
}
