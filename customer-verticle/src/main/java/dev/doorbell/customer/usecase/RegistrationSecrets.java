package dev.doorbell.customer.usecase;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that lets whoever registered set the first password: an HMAC (RFC 2104, SHA-256) of the registration's id with a
 * key of the service's. So it is nowhere stored, a repeated answer can repeat it, and 256 bits need no count of wrong guesses.
 */
public final class RegistrationSecrets {
    private static final String ALGORITHM = "HmacSHA256";
    /** So that the key makes nothing else by the same text. */
    private static final String PURPOSE = "password of registration ";

    private static final int KEY_BYTES_MIN = 32;

    private final SecretKeySpec key;

    /** @throws IllegalArgumentException for a key of less than 32 bytes */
    public RegistrationSecrets(byte[] key) {
        if (key.length < KEY_BYTES_MIN) {
            throw new IllegalArgumentException("has less than 32 bytes");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** 43 characters of base64url. */
    public String of(UUID registration) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] code = mac.doFinal((PURPOSE + registration).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Takes as long for a wrong one as for another wrong one. */
    public boolean matches(UUID registration, String given) {
        return MessageDigest.isEqual(
                of(registration).getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }
}
