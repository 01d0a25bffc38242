package io.weir.wire.codec;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of options that are taken, so that what is added later does not collide.
 * This version knows the times of a message and how often it was replayed
 * ({@link MessageOptions}), what a consumer states ({@link SubscribeOptions}), what it
 * failed with ({@link FailureReportCodec}), what is kept no longer and what is left
 * ({@link AnswerCodec}) and none of the others: an even one is refused as one that nobody
 * knows. Who adds an option takes it from here.
 */
@SuppressWarnings("ImmutableEnumChecker") // a set that nobody changes
enum ReservedOption {

	/** Authentication by another mechanism than a token. */
	MECHANISM(2, FrameType.CONNECT),
	/** How long the topic keeps its messages. */
	RETENTION(1, FrameType.OPEN_PRODUCER, FrameType.SUBSCRIBE),
	/** Other settings of the topic. */
	POLICIES(3, FrameType.OPEN_PRODUCER, FrameType.SUBSCRIBE),
	/** What becomes of messages that are not acknowledged. */
	REDELIVERY_POLICY(4, FrameType.SUBSCRIBE),
	/** Messages that have later ones of their keys need not be delivered. */
	COMPACTED(5, FrameType.SUBSCRIBE),
	/** What was asked for is kept no longer; from here on the topic is. */
	FIRST_KEPT(5, FrameType.OK),
	/** What the subscription has left to acknowledge. */
	BACKLOG(7, FrameType.OK),
	/** What the application failed with on messages that it gives back. */
	FAILURE_CAUSE(5, FrameType.NACK),
	/** The address to ask instead. */
	REDIRECT(1, FrameType.ERROR, FrameType.GO_AWAY),
	/** A message: not before this time. */
	DELIVER_AT(2),
	/** A message: what is kept in order, if not what has the same key. */
	ORDERING_KEY(4),
	/** A message: not after this time. */
	EXPIRES_AT(1),
	/** A message: not before so much time has passed. */
	DELIVER_AFTER(6),
	/** A message: not when so much time has passed since it could be delivered. */
	EXPIRES_AFTER(9),
	/** A message: what goes first. */
	PRIORITY(3),
	/** A message: how often it was replayed from a dead-letter topic. */
	REPLAYED(5),
	/** A message: where a dead letter comes from. */
	DEAD_LETTER_ORIGIN(7);

	private final long number;

	private final Set<FrameType> frames;

	/**
	 * Reserves a number.
	 * @param frames where it is taken; in a message, if there are none
	 */
	ReservedOption(long number, FrameType... frames) {
		this.number = number;
		this.frames = Set.of(frames);
	}

	long number() {
		return this.number;
	}

	/** The frames in which the number is taken; none if it is taken in a message. */
	Set<FrameType> frames() {
		return this.frames;
	}

	/**
	 * What a number is taken for.
	 * @param frame where it was found, or {@code null} for a message
	 * @return the option, or {@code null} if nobody has taken the number there
	 */
	static @Nullable ReservedOption of(long number, @Nullable FrameType frame) {
		for (ReservedOption option : values()) {
			if (option.number == number
					&& ((frame != null) ? option.frames.contains(frame) : option.frames.isEmpty())) {
				return option;
			}
		}
		return null;
	}

	/** In words. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

}
