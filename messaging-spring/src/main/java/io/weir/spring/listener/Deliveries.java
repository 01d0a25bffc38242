package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.spring.MessageTypeFilter.Fit;
import io.weir.spring.WeirHeaders;

/**
 * Hands what one consumer receives to the listener that it is for: listeners of different
 * types may use one subscription, and the broker does not know which message is for
 * which. What is for none is given back. Used by one thread.
 */
final class Deliveries {

	private static final Logger logger = LoggerFactory.getLogger(Deliveries.class);

	private final Map<ListenerTarget, ListenerInvoker> invokers = new HashMap<>();

	private final ListenerTarget own;

	private final ListenerSiblings siblings;

	private final MessageSource source;

	private final Function<ListenerTarget, ListenerInvoker> creation;

	/**
	 * Creates the deliveries of a consumer.
	 * @param own whose consumer it is
	 * @param siblings the listeners of the same subscription
	 * @param creation makes what calls a listener for the consumer's messages
	 */
	Deliveries(ListenerTarget own, ListenerSiblings siblings, MessageSource source,
			Function<ListenerTarget, ListenerInvoker> creation) {
		this.own = own;
		this.siblings = siblings;
		this.source = source;
		this.creation = creation;
		invoker(own);
	}

	private ListenerInvoker invoker(ListenerTarget target) {
		return this.invokers.computeIfAbsent(target, this.creation);
	}

	/** Whether there is something to be handed over before anything is received. */
	boolean hasAgain() {
		return this.invokers.values().stream().anyMatch(ListenerInvoker::hasAgain);
	}

	/**
	 * Hands over what failures have left.
	 * @return whether there was something
	 */
	boolean handOverAgain() throws InterruptedException {
		for (ListenerInvoker invoker : this.invokers.values()) {
			if (invoker.handOverAgain()) {
				return true;
			}
		}
		return false;
	}

	void handle(List<Message<byte[]>> messages) throws InterruptedException {
		messages.forEach(this.source::taken);
		if (messages.size() == 1) {
			handle(target(messages.get(0)), messages);
			return;
		}
		Map<@Nullable ListenerTarget, List<Message<byte[]>>> byTarget = new LinkedHashMap<>();
		for (Message<byte[]> message : messages) {
			byTarget.computeIfAbsent(target(message), (target) -> new ArrayList<>()).add(message);
		}
		for (Map.Entry<@Nullable ListenerTarget, List<Message<byte[]>>> each : byTarget.entrySet()) {
			handle(each.getKey(), each.getValue());
		}
	}

	private void handle(@Nullable ListenerTarget target, List<Message<byte[]>> messages) throws InterruptedException {
		if (target != null) {
			invoker(target).handle(messages);
		}
		else {
			messages.forEach(this.own.settings().isReader() ? this::passOver : this::giveBack);
		}
	}

	/** Who is named comes before who takes anything, and the consumer's own first. */
	private @Nullable ListenerTarget target(Message<byte[]> message) {
		Fit fit = this.own.fit(message);
		if (fit == Fit.NAMED || message.headers().get(WeirHeaders.TYPE) == null) {
			return this.own;
		}
		ListenerTarget named = null;
		ListenerTarget any = (fit == Fit.ANY) ? this.own : null;
		String subscription = this.own.settings().subscription();
		List<ListenerTarget> others = (subscription != null) ? this.siblings.of(message.topic(), subscription)
				: List.of();
		for (ListenerTarget sibling : others) {
			Fit there = sibling.fit(message);
			if (named == null && there == Fit.NAMED) {
				named = sibling;
			}
			if (any == null && there == Fit.ANY) {
				any = sibling;
			}
		}
		return (named != null) ? named : any;
	}

	/** Whoever else reads the topic is given the message all the same. */
	private void passOver(Message<byte[]> message) {
		String type = String.valueOf(message.headers().get(WeirHeaders.TYPE));
		if (this.own.counts().unknownTypes.isFirst(type)) {
			logger.info("Reader '{}' passes over messages of type '{}' of topic '{}', which it does not take",
					this.own.settings().id(), type, message.topic());
		}
		TopicCounts counts = this.own.counts().of(this.source.topic());
		counts.received.increment();
		counts.processed.increment();
		this.source.acknowledge(message);
	}

	private void giveBack(Message<byte[]> message) {
		String type = String.valueOf(message.headers().get(WeirHeaders.TYPE));
		String reason = "No listener of this application takes messages of type '" + type + "'";
		if (this.own.counts().unknownTypes.isFirst(type)) {
			logger.error(
					"{} from topic '{}', subscription '{}': message {} and all others of the type are given back to be "
							+ "delivered again. Received by listener '{}'; weir.message-types gives a class another name",
					reason, message.topic(), this.own.settings().subscription(), message.id(),
					this.own.settings().id());
		}
		TopicCounts counts = this.own.counts().of(this.source.topic());
		counts.received.increment();
		counts.failed.increment();
		this.own.counts().lastFailure = new UnknownTypeException(reason);
		try {
			this.source.negativeAcknowledge(message, reason);
		}
		catch (WeirException ex) {
			logger.debug("Message {} comes again, as the consumer has ended", message.id(), ex);
		}
	}

	/** Waits until nothing is under way. */
	void drain() throws InterruptedException {
		for (ListenerInvoker invoker : this.invokers.values()) {
			invoker.drain();
		}
	}

	/** The consumer ends: what nobody has decided about is given back. */
	void end() {
		this.invokers.values().forEach(ListenerInvoker::end);
	}

	/** A message that nobody takes. */
	private static final class UnknownTypeException extends RuntimeException {

		private static final long serialVersionUID = 1;

		UnknownTypeException(String message) {
			super(message);
		}

	}

}
