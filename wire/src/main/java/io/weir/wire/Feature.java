package io.weir.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.message.Compression;

/**
 * Something that not every client or every broker can do. Each names what it can do when
 * the session begins, and asks of the other only what that one has named. Numbers of
 * features that are not known here are passed over, so that new ones do no harm.
 */
public enum Feature {

	/** Reads batches that are compressed as LZ4 blocks. */
	LZ4(1),

	/** Reads batches that are compressed as Zstandard frames. */
	ZSTD(2),

	/** Knows topics with partitions. */
	PARTITIONS(4),

	/** A broker that finds topics by a pattern of their names. */
	TOPIC_PATTERNS(5),

	/** A broker that says when a consumer has been sent all that was stored. */
	AWAIT_END(6),

	/** A broker that takes delayed messages back. */
	CANCEL_DELAYED(7),

	/** A broker that tells consumers the backlog of their subscription. */
	BACKLOG(8);

	private final int number;

	Feature(int number) {
		this.number = number;
	}

	/**
	 * The number by which it travels, and which never changes its meaning.
	 * @return the number
	 */
	public int number() {
		return this.number;
	}

	/**
	 * What this version can do.
	 * @param compressions the compressions of which it can read batches
	 * @return the features, which cannot be changed
	 */
	public static Set<Feature> of(Set<Compression> compressions) {
		Set<Feature> features = EnumSet.of(PARTITIONS, TOPIC_PATTERNS, AWAIT_END, CANCEL_DELAYED, BACKLOG);
		features.addAll(reading(compressions));
		return Collections.unmodifiableSet(features);
	}

	/**
	 * What is needed to read batches of certain compressions.
	 * @param compressions the compressions; none is needed for {@link Compression#NONE}
	 * @return the features, which cannot be changed
	 */
	public static Set<Feature> reading(Set<Compression> compressions) {
		Set<Feature> features = EnumSet.noneOf(Feature.class);
		for (Compression compression : compressions) {
			Feature needed = reading(compression);
			if (needed != null) {
				features.add(needed);
			}
		}
		return Collections.unmodifiableSet(features);
	}

	/**
	 * What is needed to read a batch.
	 * @param compression how it is compressed
	 * @return the feature, or {@code null} if everybody reads it
	 */
	public static @Nullable Feature reading(Compression compression) {
		return switch (compression) {
			case NONE -> null;
			case LZ4 -> LZ4;
			case ZSTD -> ZSTD;
		};
	}

}
