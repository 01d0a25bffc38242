package io.weir.client.internal.consumer;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.message.Topic;
import io.weir.wire.Frame;
import io.weir.wire.Position;

/**
 * Says in the log where a subscription goes on that was to go on at what the topic keeps
 * no longer, or was never given it. What was said last is not said again, as after each
 * reconnect of a reader that is given nothing. Only touched on the consumer's executor.
 */
final class KeptNoLonger {

	private static final Logger logger = LoggerFactory.getLogger(KeptNoLonger.class);

	private final ConsumerSettings settings;

	private final int partition;

	private @Nullable String said;

	KeptNoLonger(ConsumerSettings settings) {
		this.settings = settings;
		this.partition = new Topic(settings.topic()).partition();
	}

	/** The broker has agreed to what it was asked for. */
	void agreed(@Nullable Frame asked, Frame answer) {
		if (answer instanceof Frame.Ok ok && ok.firstKept() != null) {
			say(asked, ok.firstKept());
		}
	}

	/** The broker has trimmed what the subscription was to be given. */
	void trimmed(Frame.MessagesTrimmed notice) {
		logger.warn("{} messages before {} were trimmed that {} was never given: it goes on there", notice.messages(),
				notice.firstKept().message(this.partition, 0), this.settings.subscriptionOfTopic());
	}

	private void say(@Nullable Frame asked, Position firstKept) {
		String text = "What stood before " + firstKept.message(this.partition, 0) + " is kept no longer: "
				+ this.settings.subscriptionOfTopic() + " was to go on at " + place(asked) + ", and goes on there";
		if (!text.equals(this.said)) {
			this.said = text;
			logger.warn("{}", text);
		}
	}

	private static String place(@Nullable Frame asked) {
		if (asked instanceof Frame.SeekId seek) {
			return "message " + seek.id();
		}
		return (asked instanceof Frame.SeekTime seek)
				? "what was stored from " + Instant.ofEpochMilli(seek.publishTime()) + " on" : "another place";
	}

}
