package io.weir.spring.cloud.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.integration.IntegrationMessageHeaderAccessor;
import org.springframework.integration.core.Pausable;
import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.handler.advice.ErrorMessageSendingRecoverer;
import org.springframework.integration.support.ErrorMessageUtils;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;

import io.weir.spring.Acknowledgement;
import io.weir.spring.listener.IncomingHeaders;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerEndpointBuilder;

/**
 * Sends what a container of listeners receives to a channel. What fails there is tried
 * again in place, as the binding says, then told to the error channel, and left to the
 * container: it is delivered again later, or becomes a dead letter.
 */
final class InboundAdapter extends MessageProducerSupport implements Pausable {

	/** Those of Spring Integration that are no text; others stay text. */
	private static final Map<String, Class<?>> TYPES = Map.of(IntegrationMessageHeaderAccessor.SEQUENCE_NUMBER,
			Integer.class, IntegrationMessageHeaderAccessor.SEQUENCE_SIZE, Integer.class,
			IntegrationMessageHeaderAccessor.PRIORITY, Integer.class, IntegrationMessageHeaderAccessor.EXPIRATION_DATE,
			Long.class);

	private final WeirListenerContainer container;

	private final ErrorMessageSendingRecoverer errors;

	private final @Nullable RetryTemplate retries;

	private volatile boolean paused;

	InboundAdapter(WeirListenerContainerFactory containers, WeirListenerEndpointBuilder endpoint,
			ErrorMessageSendingRecoverer errors, @Nullable RetryTemplate retries) {
		this.errors = errors;
		this.retries = retries;
		this.container = containers.createContainer(endpoint.listener(this::receive).build());
	}

	private @Nullable CompletionStage<?> receive(List<io.weir.message.Message<byte[]>> messages,
			Acknowledgement acknowledgement) throws Exception {
		io.weir.message.Message<byte[]> received = messages.get(0);
		Message<byte[]> message = message(received, acknowledgement);
		try {
			if (this.retries != null) {
				this.retries.execute(() -> {
					sendMessage(message);
					return true;
				});
			}
			else {
				sendMessage(message);
			}
			return null;
		}
		catch (RetryException ex) {
			throw told(message, Objects.requireNonNullElse(ex.getCause(), ex));
		}
		catch (RuntimeException ex) {
			throw told(message, ex);
		}
	}

	private Exception told(Message<byte[]> message, Throwable failure) {
		this.errors.recover(ErrorMessageUtils.getAttributeAccessor(message, message), failure);
		Throwable cause = failure;
		// Says nothing of its own, and all headers.
		while (cause instanceof MessagingException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		if (cause instanceof Error error) {
			throw error;
		}
		return (Exception) cause;
	}

	private static Message<byte[]> message(io.weir.message.Message<byte[]> received, Acknowledgement acknowledgement) {
		Map<String, Object> headers = new HashMap<>(IncomingHeaders.of(received, acknowledgement));
		TYPES.keySet().forEach((name) -> headers.computeIfPresent(name, InboundAdapter::typed));
		return MessageBuilder.withPayload(received.value()).copyHeaders(headers).build();
	}

	/** Somebody else may have sent what looks like one of them. */
	private static Object typed(String name, Object value) {
		try {
			return (TYPES.get(name) == Long.class) ? (Object) Long.valueOf(value.toString())
					: (Object) Integer.valueOf(value.toString());
		}
		catch (NumberFormatException ex) {
			return value;
		}
	}

	@Override
	protected void doStart() {
		this.container.start();
	}

	@Override
	protected void doStop() {
		this.container.stop();
		this.paused = false;
	}

	@Override
	public void pause() {
		this.paused = true;
		this.container.pause();
	}

	@Override
	public void resume() {
		this.paused = false;
		this.container.resume();
	}

	@Override
	public boolean isPaused() {
		return this.paused;
	}

}
