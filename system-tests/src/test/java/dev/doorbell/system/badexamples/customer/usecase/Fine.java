package dev.doorbell.system.badexamples.customer.usecase;

public class Fine {}
