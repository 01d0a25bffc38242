package io.weir.spring;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message that is about to be sent. For the thread that it was given to, and not to be
 * kept.
 */
public interface OutgoingMessage {

	/**
	 * Where it is sent to.
	 * @return the topic
	 */
	String topic();

	/**
	 * What was handed over to be sent.
	 * @return the value; {@code null} for a message without a payload
	 */
	@Nullable Object value();

	/**
	 * Its key.
	 * @return the key, or {@code null} if it has none
	 */
	@Nullable String key();

	/**
	 * Its headers so far.
	 * @return a view that cannot be changed
	 */
	Map<String, String> headers();

	/**
	 * Adds a header, or replaces the one with this name.
	 * @param name the name, at most 1024 bytes of UTF-8
	 * @param value the value, at most 64 KiB of UTF-8
	 */
	void header(String name, String value);

}
