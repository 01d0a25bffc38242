package io.weir.spring.listener;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.Arrays;
import java.util.Optional;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.Payload;

import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

/**
 * Messages with a key and without a payload, which delete their key, are {@code null} for
 * a parameter that may be that. For any other the schema decides what no bytes are.
 */
final class NullablePayload {

	private NullablePayload() {
	}

	/** Whether the payload, or each of those of a batch, may be {@code null}. */
	static boolean allows(MethodParameter parameter) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		if (annotation != null && !annotation.required()) {
			return true;
		}
		return (parameter.isOptional() && parameter.getParameterType() != Optional.class)
				|| isOfNullable(parameter.getParameter().getAnnotatedType());
	}

	/** The list of a batch says it of its elements. */
	private static boolean isOfNullable(AnnotatedType type) {
		return type instanceof AnnotatedParameterizedType list && Arrays.stream(list.getAnnotatedActualTypeArguments())
			.flatMap((argument) -> Arrays.stream(argument.getAnnotations()))
			.anyMatch((annotation) -> annotation.annotationType().getSimpleName().equals("Nullable"));
	}

	/** The payload for a parameter that must not be {@code null}. */
	static Object required(Message<byte[]> message, Schema<Object> schema) {
		try {
			return TypedMessage.decode(message, schema).value();
		}
		catch (WeirException ex) {
			if (!isAbsent(message)) {
				throw ex;
			}
			throw new WeirException(ErrorCode.SCHEMA,
					"The message has a key and no payload, which deletes the key, and the parameter must not be null; "
							+ "@Nullable, @Payload(required = false) or a nullable type of Kotlin lets it be. "
							+ ex.getMessage(),
					ex);
		}
	}

	static boolean isAbsent(Message<byte[]> message) {
		return message.key() != null && message.value().length == 0;
	}

}
