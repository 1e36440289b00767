package dev.doorbell.system.faults.history;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** The smallest lie: a record with one component changed. */
final class Altered {
    private Altered() {}

    static <R extends Record> R with(R record, String component, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean changed = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean here = components[i].getName().equals(component);
                values[i] = here ? value : components[i].getAccessor().invoke(record);
                changed |= here;
            }
            if (!changed) {
                throw new IllegalArgumentException(record.getClass() + " has no " + component);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            @SuppressWarnings("unchecked")
            Constructor<R> constructor = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes the list's record at {@code index}. */
    static <R extends Record> void in(List<R> list, int index, String component, Object value) {
        list.set(index, with(list.get(index), component, value));
    }
}
