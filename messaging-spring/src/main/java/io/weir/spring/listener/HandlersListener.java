package io.weir.spring.listener;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.MessageTypeFilter;
import io.weir.spring.WeirHeaders;

/** Hands each message to the method of a class that is for its type. */
final class HandlersListener implements WeirMessageListener {

	private final Map<String, MethodListener> byType = new HashMap<>();

	private @Nullable MethodListener otherwise;

	/** One method. */
	record Handler(MethodListener listener, boolean isDefault) {
	}

	/**
	 * Creates the listener.
	 * @throws IllegalStateException if it is not clear which method is for what
	 */
	HandlersListener(List<Handler> handlers) {
		Assert.state(!handlers.isEmpty(), "no method of the class has @WeirHandler");
		for (Handler handler : handlers) {
			if (handler.isDefault()) {
				Assert.state(this.otherwise == null, "two methods are the default @WeirHandler; one may be");
				this.otherwise = handler.listener();
			}
			String type = handler.listener().payloadType();
			Assert.state(type != null || handler.isDefault(),
					() -> handler.listener() + " does not say which type it is for: it needs a payload of a class of "
							+ "the application, or @WeirHandler(isDefault = true)");
			if (type != null) {
				MethodListener other = this.byType.put(type, handler.listener());
				Assert.state(other == null, () -> "both " + other + " and " + handler.listener()
						+ " take messages of type '" + type + "'; one method may");
			}
		}
	}

	@Override
	public MessageTypeFilter.Fit fit(Message<byte[]> message) {
		String type = message.headers().get(WeirHeaders.TYPE);
		return (type != null && this.byType.containsKey(type)) ? MessageTypeFilter.Fit.NAMED
				: MessageTypeFilter.Fit.ANY;
	}

	@Override
	public boolean acknowledges() {
		return this.byType.values().stream().allMatch(MethodListener::acknowledges)
				&& (this.otherwise == null || this.otherwise.acknowledges());
	}

	@Override
	public @Nullable CompletionStage<?> onMessages(List<Message<byte[]>> messages, Acknowledgement acknowledgement)
			throws Exception {
		return handler(messages.get(0)).onMessages(messages, acknowledgement);
	}

	private MethodListener handler(Message<byte[]> message) {
		String type = message.headers().get(WeirHeaders.TYPE);
		MethodListener handler = (type != null) ? this.byType.get(type) : null;
		handler = (handler != null) ? handler : this.otherwise;
		if (handler == null) {
			throw new NoHandlerException(((type != null) ? "No @WeirHandler is for messages of type '" + type + "'"
					: "The message does not say its type in the header '" + WeirHeaders.TYPE + "'") + "; there are "
					+ new TreeSet<>(this.byType.keySet()) + ", and no default");
		}
		return handler;
	}

}
