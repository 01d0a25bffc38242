package io.weir.broker.store;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import io.weir.message.Topic;

/**
 * Names as parts of the keys of a {@link MetadataStore}: they may have slashes, which
 * would make one part of two.
 */
public final class MetadataNames {

	private MetadataNames() {
	}

	/**
	 * A name without slashes.
	 * @param name any name
	 * @return the part of a key
	 */
	public static String encode(String name) {
		return URLEncoder.encode(name, StandardCharsets.UTF_8);
	}

	/**
	 * What {@link #encode} was given.
	 * @param encoded the part of a key
	 * @return the name
	 */
	public static String decode(String encoded) {
		return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
	}

	/**
	 * The same for the name of a topic.
	 * @param encoded the part of a key
	 * @return the topic
	 */
	public static Topic topic(String encoded) {
		return new Topic(decode(encoded));
	}

}
