package dev.doorbell.customer.keycloak;

import dev.doorbell.customer.usecase.IdentityDirectory;
import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All users of the realm, as Keycloak's admin API lists them: by username, which is unique in a realm. */
final class KeycloakDirectory implements IdentityDirectory {
    /** Keycloak's own are UUIDs; of longer ones too few would fit into a URL. */
    private static final int LISTED_ID_LENGTH_MAX = 36;

    private final KeycloakIdentityProvider keycloak;
    private final KeycloakUsers users;

    KeycloakDirectory(KeycloakIdentityProvider keycloak, KeycloakUsers users) {
        this.keycloak = keycloak;
        this.users = users;
    }

    @Override
    public int capacity() {
        return keycloak.capacity();
    }

    @Override
    public Future<Permit> permit() {
        return keycloak.permit();
    }

    @Override
    public Future<List<DirectoryUser>> page(Permit permit, int first, int max) {
        return keycloak.called(permit, token -> users.page(token, first, max)).map(KeycloakDirectory::all);
    }

    @Override
    public Future<List<DirectoryUser>> withIds(Permit permit, Collection<String> ids) {
        List<String> listed = ids.stream()
                .filter(id -> id.length() <= LISTED_ID_LENGTH_MAX && KeycloakUsers.isId(id))
                .limit(IDS_MAX)
                .toList();
        return listed.isEmpty()
                ? Future.succeededFuture(List.of())
                : keycloak.called(permit, token -> users.withIds(token, listed)).map(KeycloakDirectory::all);
    }

    @Override
    public Future<Optional<DirectoryUser>> withId(Permit permit, String id) {
        return KeycloakUsers.isId(id)
                ? keycloak.called(permit, token -> users.get(token, id)).map(KeycloakDirectory::one)
                : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<DirectoryUser>> withName(Permit permit, String username) {
        return keycloak.called(permit, token -> users.find(token, username)).map(KeycloakDirectory::one);
    }

    @Override
    public Future<Boolean> removeIfOf(Permit permit, String userId, UUID customerId) {
        return keycloak.called(
                permit,
                token -> users.get(token, userId)
                        .compose(found ->
                                found.filter(user -> user.belongsTo(customerId)).isPresent()
                                        ? users.delete(token, userId).map(true)
                                        : Future.succeededFuture(false)));
    }

    private static List<DirectoryUser> all(List<KeycloakUser> users) {
        return users.stream().map(KeycloakDirectory::user).toList();
    }

    private static Optional<DirectoryUser> one(Optional<KeycloakUser> user) {
        return user.map(KeycloakDirectory::user);
    }

    private static DirectoryUser user(KeycloakUser user) {
        return new DirectoryUser(user.id(), user.username(), user.isEnabled(), user.customerId());
    }
}
