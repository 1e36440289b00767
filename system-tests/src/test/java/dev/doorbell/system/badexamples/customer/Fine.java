package dev.doorbell.system.badexamples.customer;

public class Fine {}
