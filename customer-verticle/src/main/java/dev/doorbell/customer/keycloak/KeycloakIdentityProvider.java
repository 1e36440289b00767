package dev.doorbell.customer.keycloak;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.keycloak.KeycloakTokens.Token;
import dev.doorbell.customer.keycloak.KeycloakUsers.Created;
import dev.doorbell.customer.usecase.IdentityDirectory;
import dev.doorbell.customer.usecase.IdentityProvider;
import dev.doorbell.customer.usecase.IdentityProviderException;
import dev.doorbell.customer.usecase.IdentityProviderException.Reason;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users in Keycloak, which are ours by the attribute {@code customerId}. The realm has to declare it, or Keycloak drops it
 * in silence: so it is read back. Creates are told apart by that attribute too, since the caller cannot choose the id and an
 * answer can be lost or wrong (a 500 may come after the user was made).
 */
public final class KeycloakIdentityProvider implements IdentityProvider {
    private static final Logger log = LoggerFactory.getLogger(KeycloakIdentityProvider.class);

    private final KeycloakHttp http;
    private final KeycloakTokens tokens;
    private final KeycloakUsers users;
    private final KeycloakPasswords passwords;
    private final CircuitBreaker breaker;
    private boolean outageTold;

    public KeycloakIdentityProvider(Vertx vertx, KeycloakConfig config) {
        http = new KeycloakHttp(vertx, config);
        tokens = new KeycloakTokens(http, config);
        users = new KeycloakUsers(http, config);
        passwords = new KeycloakPasswords(http, config);
        long reset = config.resetAfter().toMillis();
        breaker = CircuitBreaker.create(
                        "keycloak",
                        vertx,
                        new CircuitBreakerOptions()
                                .setMaxFailures(config.failuresMax())
                                // Each request has a time-out of its own.
                                .setTimeout(-1)
                                // Instances that saw it fail together do not come back together.
                                .setResetTimeout(
                                        reset / 2 + ThreadLocalRandom.current().nextLong(reset / 2 + 1)))
                .<Object>failurePolicy(KeycloakIdentityProvider::isOutage)
                .openHandler(opened -> tellOutage())
                .closeHandler(closed -> {
                    outageTold = false;
                    log.info("Keycloak answers again");
                });
    }

    /** Once: each probe that fails opens the circuit again. */
    private void tellOutage() {
        if (!outageTold) {
            log.warn("Keycloak is left alone for a while: too many calls failed");
        }
        outageTold = true;
    }

    private static boolean isOutage(Future<?> call) {
        return call.cause() instanceof IdentityProviderException e && e.reason().isOutage();
    }

    @Override
    public Optional<IdentityOutcome> initialOutcome() {
        return Optional.empty();
    }

    @Override
    public int capacity() {
        return switch (breaker.state()) {
            case CLOSED -> Integer.MAX_VALUE;
            // One call is let through, and decides.
            case HALF_OPEN -> 1;
            case OPEN -> 0;
        };
    }

    public CircuitBreakerState circuit() {
        return breaker.state();
    }

    @Override
    public Future<Permit> permit() {
        return tokens.isCached()
                ? tokens.token().map(token -> token)
                : guarded(() -> tokens.token().map(token -> token));
    }

    /** A breaker that lets one call through stays at that until one comes. */
    @Override
    public Future<Void> probe() {
        return breaker.state() == CircuitBreakerState.HALF_OPEN
                ? guarded(() -> tokens.anew().mapEmpty())
                : Future.succeededFuture();
    }

    @Override
    public Future<Provisioned> provision(Permit permit, User user, String userId) {
        return called(permit, token -> create(token, user, userId, false));
    }

    private Future<Provisioned> create(Token token, User user, String userId, boolean enabled) {
        return users.create(token, user, enabled).compose(created -> switch (created.kind()) {
            case CREATED -> readBack(token, user, created);
            case CONFLICT -> conflict(token, user, userId, enabled);
            case INVALID -> Future.succeededFuture(new Provisioned.Invalid());
        });
    }

    /**
     * A user that does not carry our attribute would be nobody's: it goes, while we still know that it is ours. Where that
     * fails, its id goes along with the failure, so that the next attempt knows it too.
     */
    private Future<Provisioned> readBack(Token token, User user, Created created) {
        String id = created.location();
        return users.get(token, id)
                .compose(found -> {
                    if (found.isEmpty()) {
                        return Future.failedFuture(new IdentityProviderException(
                                Reason.UNEXPECTED_ANSWER, "create user: the new user is not there"));
                    }
                    return found.get().belongsTo(user.customerId())
                            ? Future.succeededFuture(true)
                            : users.delete(token, id).map(false);
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof IdentityProviderException e ? e.havingMade(id) : failure))
                .compose(marked -> marked
                        ? Future.succeededFuture(new Provisioned.Done(id))
                        : Future.failedFuture(attributeLost("create user")));
    }

    private static IdentityProviderException attributeLost(String what) {
        return new IdentityProviderException(
                Reason.ATTRIBUTE_LOST,
                what + ": Keycloak has not stored the attribute " + KeycloakUser.CUSTOMER_ID
                        + "; the realm's user profile must declare it");
    }

    /** Made by an attempt whose answer was lost, or somebody else's. */
    private Future<Provisioned> conflict(Token token, User user, String userId, boolean enabled) {
        return users.find(token, user.username()).compose(found -> {
            if (found.isEmpty()) {
                return Future.failedFuture(new IdentityProviderException(
                        Reason.UNEXPECTED_ANSWER, "create user: the name is taken, and nobody has it"));
            }
            KeycloakUser holder = found.get();
            if (isUnmarked(holder, user, userId)) {
                return users.delete(token, userId)
                        .compose(deleted -> Future.failedFuture(attributeLost("create user")));
            }
            if (!holder.belongsTo(user.customerId())) {
                return Future.succeededFuture(new Provisioned.Taken(holder.id(), holder.customerId()));
            }
            return Future.succeededFuture(
                    holder.isEnabled() && !enabled
                            ? new Provisioned.Enabled(holder.id())
                            : new Provisioned.Done(holder.id()));
        });
    }

    @Override
    public Future<Void> disable(Permit permit, User user, String userId) {
        return called(
                permit,
                token -> ours(token, user, userId)
                        .compose(found -> found.isEmpty()
                                ? Future.failedFuture(vanished())
                                : users.update(token, found.get().enabled(false))
                                        .compose(there ->
                                                there ? Future.succeededFuture() : Future.failedFuture(vanished()))));
    }

    @Override
    public Future<Provisioned> enable(Permit permit, User user, String userId) {
        return called(
                permit,
                token -> lostAttribute(token, user, userId).compose(unmarked -> {
                    if (unmarked.isPresent()) {
                        return mark(token, user, unmarked.get());
                    }
                    return ours(token, user, userId).compose(found -> {
                        if (found.isEmpty()) {
                            log.warn(
                                    "Registration {}: its user is gone from Keycloak and is made again",
                                    user.customerId());
                            return create(token, user, userId, true).compose(made -> enableIfMade(token, user, made));
                        }
                        return enableFound(token, found.get());
                    });
                }));
    }

    /**
     * The user on record, under the customer's name, without any customer's id: whoever has taken that away has not taken
     * the user over. With another name or another customer's id it is not ours.
     */
    private Future<Optional<KeycloakUser>> lostAttribute(Token token, User user, String userId) {
        return byId(token, userId)
                .map(found -> found.filter(
                        known -> known.customerId().isEmpty() && user.username().equals(known.username())));
    }

    private Future<Provisioned> mark(Token token, User user, KeycloakUser unmarked) {
        log.warn("Registration {}: its user has lost the customer's id and gets it again", user.customerId());
        return users.update(token, unmarked.withCustomerId(user.customerId()).enabled(true))
                .compose(there -> users.get(token, unmarked.id()))
                .compose(marked -> marked.filter(found -> found.belongsTo(user.customerId()))
                                .isPresent()
                        ? Future.succeededFuture(new Provisioned.Done(unmarked.id()))
                        : Future.failedFuture(attributeLost("change user")));
    }

    /** A create that found the user of an earlier one may have found a disabled one. */
    private Future<Provisioned> enableIfMade(Token token, User user, Provisioned made) {
        if (made instanceof Provisioned.Done done) {
            return users.get(token, done.userId())
                    .compose(found ->
                            found.isEmpty() ? Future.failedFuture(vanished()) : enableFound(token, found.get()));
        }
        return Future.succeededFuture(made);
    }

    private Future<Provisioned> enableFound(Token token, KeycloakUser user) {
        if (user.isEnabled()) {
            return Future.succeededFuture(new Provisioned.Done(user.id()));
        }
        return users.update(token, user.enabled(true))
                .compose(there -> there
                        ? Future.succeededFuture(new Provisioned.Done(user.id()))
                        : Future.failedFuture(vanished()));
    }

    private static IdentityProviderException vanished() {
        return new IdentityProviderException(Reason.UNEXPECTED_ANSWER, "change user: the user has just gone");
    }

    @Override
    public Future<Void> remove(Permit permit, User user, String userId) {
        return called(
                permit,
                token -> candidate(token, user, userId)
                        .map(found -> found.filter(known -> isOurs(known, user) || isUnmarked(known, user, userId)))
                        .compose(found -> found.isEmpty()
                                ? Future.succeededFuture()
                                : users.delete(token, found.get().id())));
    }

    /**
     * Made by an attempt that could not see whether the attribute is there, and it is not. By the id that Keycloak told then,
     * and as it was made: with the customer's name and disabled. Whoever has enabled it has made it somebody's.
     */
    private static boolean isUnmarked(KeycloakUser found, User user, String userId) {
        return found.id().equals(userId)
                && found.customerId().isEmpty()
                && user.username().equals(found.username())
                && !found.isEnabled();
    }

    /** A user that is gone or not there yet is made again by the identity's own work; until then there is nobody to ask. */
    @Override
    public Future<PasswordAnswer> setPassword(Permit permit, User user, String userId, String password) {
        return called(
                permit,
                token -> KeycloakHttp.asking(ours(token, user, userId).compose(KeycloakIdentityProvider::there))
                        .compose(found -> passwords.setFirst(token, found, password)));
    }

    private static Future<KeycloakUser> there(Optional<KeycloakUser> found) {
        return found.isPresent()
                ? Future.succeededFuture(found.get())
                : Future.failedFuture(new IdentityProviderException(
                        Reason.UNEXPECTED_ANSWER, "set password: the customer has no user"));
    }

    /** The customer's user, by its id or else by its name; never anybody else's, who may have the name by now. */
    private Future<Optional<KeycloakUser>> ours(Token token, User user, String userId) {
        return candidate(token, user, userId).map(found -> found.filter(known -> isOurs(known, user)));
    }

    private Future<Optional<KeycloakUser>> candidate(Token token, User user, String userId) {
        return byId(token, userId)
                .compose(known ->
                        known.isPresent() ? Future.succeededFuture(known) : users.find(token, user.username()));
    }

    private static boolean isOurs(KeycloakUser candidate, User user) {
        return candidate.belongsTo(user.customerId());
    }

    private Future<Optional<KeycloakUser>> byId(Token token, String userId) {
        return userId != null && KeycloakUsers.isId(userId)
                ? users.get(token, userId)
                : Future.succeededFuture(Optional.empty());
    }

    /** All users of the realm, called through the same circuit breaker and with the same tokens. */
    public IdentityDirectory directory() {
        return new KeycloakDirectory(this, users);
    }

    interface Call<T> {
        Future<T> with(Token token);
    }

    <T> Future<T> called(Permit permit, Call<T> call) {
        Token token = (Token) permit;
        return guarded(() -> call.with(token)).onFailure(failure -> {
            if (failure instanceof IdentityProviderException e && e.reason() == Reason.UNAUTHORIZED) {
                tokens.refused(permit);
            }
        });
    }

    private <T> Future<T> guarded(Supplier<Future<T>> call) {
        return breaker.execute(call)
                .recover(failure -> Future.failedFuture(
                        failure instanceof OpenCircuitException
                                ? new IdentityProviderException(
                                        Reason.CIRCUIT_OPEN, "Keycloak is left alone for a while")
                                : failure));
    }

    public void close() {
        breaker.close();
        http.close();
    }
}
