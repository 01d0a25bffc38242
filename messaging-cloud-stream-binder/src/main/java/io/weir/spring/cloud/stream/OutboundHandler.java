package io.weir.spring.cloud.stream;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.stream.binder.BinderHeaders;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.integration.handler.AbstractMessageHandler;
import org.springframework.integration.support.DefaultErrorMessageStrategy;
import org.springframework.integration.support.ErrorMessageUtils;
import org.springframework.integration.support.management.ManageableLifecycle;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandlingException;

import io.weir.client.MessageBuilder;
import io.weir.spring.WeirOperations;

/** Publishes what is sent to a channel. */
final class OutboundHandler extends AbstractMessageHandler implements ManageableLifecycle {

	private final WeirOperations operations;

	private final Destination destination;

	private final boolean partitioned;

	private final WeirProducerProperties properties;

	private final EvaluationContext evaluation;

	private final @Nullable MessageChannel errors;

	private volatile boolean running;

	OutboundHandler(WeirOperations operations, Destination destination, boolean partitioned,
			WeirProducerProperties properties, EvaluationContext evaluation, @Nullable MessageChannel errors) {
		this.operations = operations;
		this.destination = destination;
		this.partitioned = partitioned;
		this.properties = properties;
		this.evaluation = evaluation;
		this.errors = errors;
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		MessageBuilder<?> builder = this.operations.message(topic(message), message);
		Expression key = this.properties.getMessageKeyExpression();
		Object value = (key != null) ? key.getValue(this.evaluation, message) : null;
		if (value != null) {
			builder.key(value.toString());
		}
		if (this.properties.isSync()) {
			builder.send();
		}
		else {
			builder.sendAsync().whenComplete((id, failure) -> {
				if (failure != null) {
					failed(message, failure);
				}
			});
		}
	}

	private String topic(Message<?> message) {
		if (!this.partitioned) {
			return this.destination.getName();
		}
		Integer partition = message.getHeaders().get(BinderHeaders.PARTITION_HEADER, Integer.class);
		if (partition == null) {
			throw new MessageHandlingException(message,
					"Message to '" + this.destination.getName() + "' has no header '" + BinderHeaders.PARTITION_HEADER
							+ "' that says which partition it belongs to");
		}
		return this.destination.getNameForPartition(partition);
	}

	private void failed(Message<?> message, Throwable failure) {
		logger.error(failure, "A message to '" + this.destination.getName() + "' was not stored");
		if (this.errors != null) {
			this.errors.send(new DefaultErrorMessageStrategy().buildErrorMessage(failure,
					ErrorMessageUtils.getAttributeAccessor(message, message)));
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
