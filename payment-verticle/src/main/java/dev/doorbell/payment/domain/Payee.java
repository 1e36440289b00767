package dev.doorbell.payment.domain;

import java.util.Objects;

/** Who is paid: our company, its account (an IBAN, where there is one) and the bank that keeps it. */
public record Payee(String name, String bankAccount, String bankName) {
    public Payee {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(bankAccount, "bankAccount");
        Objects.requireNonNull(bankName, "bankName");
    }
}
