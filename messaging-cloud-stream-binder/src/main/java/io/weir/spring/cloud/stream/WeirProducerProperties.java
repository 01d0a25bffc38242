package io.weir.spring.cloud.stream;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.Expression;

/** What is said of one output binding beside what Spring Cloud Stream knows. */
public class WeirProducerProperties {

	/** Expression for the key of a message, evaluated against the Spring message. */
	private @Nullable Expression messageKeyExpression;

	/**
	 * Whether to wait until a message is stored. Otherwise one that could not be stored
	 * goes to the error channel, if that is enabled, and is logged.
	 */
	private boolean sync = true;

	/**
	 * What becomes the key of a message.
	 * @return an expression, or {@code null} if the header {@code weir_key} says it
	 */
	public @Nullable Expression getMessageKeyExpression() {
		return this.messageKeyExpression;
	}

	/**
	 * Sets what becomes the key of a message.
	 * @param messageKeyExpression evaluated against the Spring message
	 */
	public void setMessageKeyExpression(@Nullable Expression messageKeyExpression) {
		this.messageKeyExpression = messageKeyExpression;
	}

	/**
	 * Whether sending waits until the message is stored.
	 * @return {@code true} by default
	 */
	public boolean isSync() {
		return this.sync;
	}

	/**
	 * Sets whether sending waits until the message is stored.
	 * @param sync whether it does
	 */
	public void setSync(boolean sync) {
		this.sync = sync;
	}

}
