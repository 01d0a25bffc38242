package io.weir.spring.listener;

import java.lang.annotation.Annotation;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

import io.weir.message.Message;

/**
 * Checks payloads of a parameter with {@code @Valid} or {@code @Validated} before the
 * method is given them. {@code jakarta.validation} itself is not needed here: the
 * validator is Spring's, whose bean an application has if it has the other.
 */
final class PayloadValidation {

	private final MethodParameter parameter;

	private final Validator validator;

	private final Object[] hints;

	private PayloadValidation(MethodParameter parameter, Validator validator, Object[] hints) {
		this.parameter = parameter;
		this.validator = validator;
		this.hints = hints;
	}

	/**
	 * Finds out whether payloads are to be checked.
	 * @param type what the payloads are
	 * @return what checks them, or {@code null} if nothing is asked for
	 * @throws IllegalStateException if something is asked for and there is no validator
	 */
	static @Nullable PayloadValidation of(MethodParameter parameter, Class<?> type,
			ConfigurableBeanFactory beanFactory) {
		for (Annotation annotation : parameter.getParameterAnnotations()) {
			@Nullable Object[] hints = ValidationAnnotationUtils.determineValidationHints(annotation);
			if (hints != null) {
				Validator validator = beanFactory.getBeanProvider(Validator.class).getIfUnique();
				Assert.state(validator != null && validator.supports(type),
						() -> "@" + annotation.annotationType().getSimpleName()
								+ " needs a bean of type org.springframework.validation.Validator that knows "
								+ type.getName()
								+ ", as spring-boot-starter-validation brings; of several, one @Primary");
				return new PayloadValidation(parameter, Objects.requireNonNull(validator), hints);
			}
		}
		return null;
	}

	/** Returns the value, or throws if it is not valid. */
	@Nullable Object check(@Nullable Object value, Message<byte[]> message, IncomingHeaders headers)
			throws MethodArgumentNotValidException {
		if (value == null) {
			return null;
		}
		String name = this.parameter.getParameterName();
		BeanPropertyBindingResult result = new BeanPropertyBindingResult(value, (name != null) ? name : "payload");
		if (this.validator instanceof SmartValidator smart && this.hints.length > 0) {
			smart.validate(value, result, this.hints);
		}
		else {
			this.validator.validate(value, result);
		}
		if (result.hasErrors()) {
			// Of bytes, which nobody prints.
			throw new MethodArgumentNotValidException(new GenericMessage<>(message.value(), headers), this.parameter,
					result);
		}
		return value;
	}

}
