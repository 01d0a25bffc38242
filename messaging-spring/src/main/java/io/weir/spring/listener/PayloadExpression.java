package io.weir.spring.listener;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.MapAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.support.GenericMessage;

import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.WeirSchemas;

/**
 * A part of the payload: the SpEL expression of {@code @Payload} is evaluated on the
 * payload's JSON as maps and lists, and what comes out is read as the parameter's type.
 * The expression is the application's own; it can read the payload and nothing else.
 */
final class PayloadExpression {

	private static final SimpleEvaluationContext CONTEXT = SimpleEvaluationContext
		.forPropertyAccessors(new MapAccessor(false))
		.withInstanceMethods()
		.build();

	private final MethodParameter parameter;

	private final Expression expression;

	private final boolean required;

	private final Schema<Object> json;

	private final Type type;

	private final Schema<Object> part;

	private PayloadExpression(MethodParameter parameter, Payload annotation, Type type, WeirSchemas schemas) {
		this.parameter = parameter;
		this.expression = new SpelExpressionParser().parseExpression(annotation.expression());
		this.required = annotation.required() && !parameter.isOptional();
		this.json = schemas.of(Object.class);
		this.type = type;
		this.part = schemas.readable(type);
	}

	/**
	 * Finds out whether a parameter is a part of the payload.
	 * @param type what the part is to be read as
	 * @return what takes it out, or {@code null} if the parameter is all of the payload
	 * @throws IllegalStateException if the expression cannot be parsed
	 */
	static @Nullable PayloadExpression of(MethodParameter parameter, Type type, WeirSchemas schemas) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		if (annotation == null || annotation.expression().isEmpty()) {
			return null;
		}
		try {
			return new PayloadExpression(parameter, annotation, type, schemas);
		}
		catch (ParseException ex) {
			throw new IllegalStateException(
					"@Payload has '" + annotation.expression() + "', which is no SpEL expression: " + ex.getMessage(),
					ex);
		}
	}

	/** Returns {@code null} only if the parameter may be that. */
	@Nullable Object of(Message<byte[]> message, IncomingHeaders headers) {
		Object value;
		try {
			value = this.expression.getValue(CONTEXT, TypedMessage.decode(message, this.json).value());
		}
		catch (EvaluationException ex) {
			throw failure(message, headers, ex.getMessage(), ex);
		}
		if (value == null && !this.required) {
			return null;
		}
		if (value == null) {
			throw failure(message, headers, "'" + this.expression.getExpressionString() + "' is null", null);
		}
		if (this.type == String.class) {
			return value.toString();
		}
		return this.part.decode(this.json.encode(value));
	}

	private MethodArgumentResolutionException failure(Message<byte[]> message, IncomingHeaders headers,
			@Nullable String reason, @Nullable Throwable cause) {
		return new MethodArgumentResolutionException(new GenericMessage<>(message.value(), headers), this.parameter,
				String.valueOf(reason), cause);
	}

}
