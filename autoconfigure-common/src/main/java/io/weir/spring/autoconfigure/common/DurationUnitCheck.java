package io.weir.spring.autoconfigure.common;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.PropertyResolver;

import io.weir.time.DurationRange;

/**
 * Refuses durations below {@code weir} without a unit, other than 0: Boot would take
 * {@code connect-timeout: 5} for five milliseconds. Of those that no {@link Duration} can
 * hold, for which Boot fails with an arithmetic error, it says what is allowed.
 */
final class DurationUnitCheck implements ConfigurationPropertiesBindHandlerAdvisor {

	private final PropertyResolver placeholders;

	DurationUnitCheck(PropertyResolver placeholders) {
		this.placeholders = placeholders;
	}

	@Override
	public BindHandler apply(BindHandler handler) {
		return new AbstractBindHandler(handler) {

			@Override
			public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Object result) {
				if (result instanceof Duration duration && !duration.isZero()
						&& PropertyNames.ROOT.isAncestorOf(name)) {
					check(name, context.getConfigurationProperty());
				}
				return super.onSuccess(name, target, context, result);
			}

			@Override
			public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Exception error) throws Exception {
				if (NestedExceptionUtils.getMostSpecificCause(error) instanceof ArithmeticException
						&& PropertyNames.ROOT.isAncestorOf(name)) {
					// Without the cause, which Boot would tell of instead.
					throw new IllegalArgumentException("must be " + DurationRange.FROM_ZERO);
				}
				return super.onFailure(name, target, context, error);
			}

		};
	}

	private void check(ConfigurationPropertyName name, @Nullable ConfigurationProperty property) {
		// A default has no property, and the context may still have the one before.
		if (property != null && name.equals(property.getName())) {
			String value = this.placeholders.resolvePlaceholders(String.valueOf(property.getValue())).strip();
			if (value.matches("[+-]?\\d+")) {
				throw new IllegalArgumentException(
						"'" + value + "' has no unit; write " + value + "ms, " + value + "s or " + value + "m");
			}
		}
	}

}
