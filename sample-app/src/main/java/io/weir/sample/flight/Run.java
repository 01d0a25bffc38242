package io.weir.sample.flight;

import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import io.weir.message.Headers;

/**
 * This run of the sample. The topic is durable and keeps the flights of earlier runs; by
 * the headers written here a listener tells its own flights from those.
 */
@Component
public final class Run {

	/** The topic of all runs. */
	public static final String TOPIC = "flights";

	/** Header with the id of the run that published the flight. */
	public static final String ID = "run";

	/** Header with the flight's number among those of its airport, from 0. */
	public static final String SEQUENCE = "sequence";

	/** Header with the {@link System#nanoTime()} at which the flight was published. */
	public static final String SENT = "sent";

	/** Header of the message that says that the run has published everything. */
	public static final String END = "end";

	private final String id = UUID.randomUUID().toString().substring(0, 8);

	/**
	 * The run's id.
	 * @return eight hex digits
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Whether a message belongs to this run.
	 * @param headers the message's headers
	 * @return whether it does
	 */
	public boolean owns(Headers headers) {
		return this.id.equals(headers.get(ID));
	}

	/**
	 * A header that holds a number.
	 * @param headers the headers
	 * @param name the header
	 * @return its value, or {@code null} if there is no such header
	 */
	public static @Nullable Long number(Headers headers, String name) {
		String value = headers.get(name);
		return (value != null) ? Long.valueOf(value) : null;
	}

}
