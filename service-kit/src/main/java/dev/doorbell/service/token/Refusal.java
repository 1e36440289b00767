package dev.doorbell.service.token;

import java.util.Locale;

/** Why a request is refused that has to say who sends it. The constant is a metric's label, the text is for the client. */
enum Refusal {
    MISSING("This needs an access token: Authorization: Bearer …"),
    AMBIGUOUS("Authorization is given more than once."),
    MALFORMED("The access token is not a signed JSON Web Token."),
    ALGORITHM("The access token is not signed by an accepted algorithm."),
    TYPE("This is not an access token."),
    ISSUER("The access token is of another issuer."),
    AUDIENCE("The access token is not for this service."),
    EXPIRED("The access token has expired."),
    NOT_YET_VALID("The access token is not valid yet."),
    UNKNOWN_KEY("The access token is signed with an unknown key."),
    SIGNATURE("The access token's signature is wrong."),
    /** Nobody can tell whether it is good: the issuer's keys have not been read yet. */
    NO_KEYS("The keys of the token's issuer have not been read yet. Try again."),
    /** Who sends it is known, and may not. */
    NOT_OPERATOR("This needs the role operator.");

    private final String detail;

    Refusal(String detail) {
        this.detail = detail;
    }

    String detail() {
        return detail;
    }

    /** RFC 6750, section 3.1; a request that names no token at all is told no error. */
    int status() {
        return switch (this) {
            case AMBIGUOUS -> 400;
            case NOT_OPERATOR -> 403;
            case NO_KEYS -> 503;
            default -> 401;
        };
    }

    /** For {@code WWW-Authenticate}; null where there is none. */
    String challenge() {
        return switch (this) {
            case MISSING -> "Bearer realm=\"doorbell\"";
            case AMBIGUOUS -> "Bearer realm=\"doorbell\", error=\"invalid_request\"";
            case NOT_OPERATOR -> "Bearer realm=\"doorbell\", error=\"insufficient_scope\"";
            case NO_KEYS -> null;
            default -> "Bearer realm=\"doorbell\", error=\"invalid_token\"";
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
