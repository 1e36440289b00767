package dev.doorbell.customer.domain;

/**
 * What to change of a customer.
 *
 * @param firstName null to leave it
 * @param lastName null to leave it
 */
public record CustomerChange(String firstName, String lastName) {}
