package io.weir.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a message: names and values, each name once, in the order in which they
 * were added. Immutable.
 */
public final class Headers {

	private static final Headers EMPTY = new Headers(Map.of());

	private final Map<String, String> entries;

	private Headers(Map<String, String> entries) {
		this.entries = Collections.unmodifiableMap(entries);
	}

	/**
	 * No headers.
	 * @return the empty headers
	 */
	public static Headers empty() {
		return EMPTY;
	}

	/**
	 * Headers with a copy of the given entries.
	 * @param entries names and values
	 * @return the headers
	 */
	public static Headers of(Map<String, String> entries) {
		return entries.isEmpty() ? EMPTY : new Headers(new LinkedHashMap<>(entries));
	}

	/**
	 * These headers and one more; a header of the same name is replaced.
	 * @param name the name
	 * @param value the value
	 * @return new headers
	 */
	public Headers with(String name, String value) {
		Objects.requireNonNull(value, "value");
		Objects.requireNonNull(name, "name");
		Map<String, String> copy = new LinkedHashMap<>(this.entries);
		copy.put(name, value);
		return new Headers(copy);
	}

	/**
	 * The value of a header.
	 * @param name the name, case-sensitive
	 * @return the value, or {@code null} if there is no such header
	 */
	public @Nullable String get(String name) {
		Objects.requireNonNull(name, "name");
		return this.entries.get(name);
	}

	/**
	 * How many headers there are.
	 * @return the count
	 */
	public int size() {
		return this.entries.size();
	}

	/**
	 * The headers as a map.
	 * @return an unmodifiable map in the order of insertion
	 */
	public Map<String, String> asMap() {
		return this.entries;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Headers headers && this.entries.equals(headers.entries);
	}

	@Override
	public int hashCode() {
		return this.entries.hashCode();
	}

	@Override
	public String toString() {
		return this.entries.toString();
	}

}
