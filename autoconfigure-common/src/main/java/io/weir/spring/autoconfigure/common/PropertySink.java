package io.weir.spring.autoconfigure.common;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;

import io.weir.setting.InvalidSettingException;

/**
 * Hands the values of properties to builders, which check them. Of what a builder refuses
 * each property is told apart, by its key and with what the builder says; so an
 * application that does not start says all that is wrong. For auto-configurations, not
 * for applications.
 */
public final class PropertySink {

	private final @Nullable Errors errors;

	private final String path;

	private PropertySink(@Nullable Errors errors, String path) {
		this.errors = errors;
		this.path = path;
	}

	/**
	 * For properties that are bound.
	 * @param errors of the properties' object, which is to be told what is refused
	 * @return a sink for the properties at its root
	 */
	public static PropertySink checking(Errors errors) {
		return new PropertySink(errors, "");
	}

	/**
	 * For properties that were checked when they were bound: what is refused nevertheless
	 * is thrown.
	 * @return a sink
	 */
	public static PropertySink checked() {
		return new PropertySink(null, "");
	}

	/**
	 * A sink for what is further below.
	 * @param key the key, below this sink's own
	 * @return another sink
	 */
	public PropertySink at(String key) {
		return new PropertySink(this.errors, this.path + key + ".");
	}

	/**
	 * Hands over a value.
	 * @param key its key
	 * @param value the value, or {@code null} if none is set
	 * @param setter takes the value, or refuses it with any exception
	 * @param <V> the value's type
	 */
	public <V> void set(String key, @Nullable V value, Consumer<? super V> setter) {
		if (value == null) {
			return;
		}
		try {
			setter.accept(value);
		}
		catch (RuntimeException ex) {
			refused(key, ex, (ex instanceof InvalidSettingException invalid) ? invalid.rule() : ex.getMessage());
		}
	}

	/**
	 * Hands over a size to what counts bytes in 32 bits.
	 * @param key its key
	 * @param value the value, or {@code null} if none is set
	 * @param setter as in {@link #set}
	 */
	public void setBytes(String key, @Nullable DataSize value, IntConsumer setter) {
		if (value != null && value.toBytes() > Integer.MAX_VALUE) {
			reject(key, "must be at most 2047MB");
		}
		else {
			set(key, value, (size) -> setter.accept((int) Math.max(size.toBytes(), Integer.MIN_VALUE)));
		}
	}

	/**
	 * Makes an object from several properties, which have the names of its settings.
	 * @param maker makes it, or throws {@link InvalidSettingException}
	 * @param names the names of settings that others are compared with
	 * @param <V> the object's type
	 * @return the object, or {@code null} if a property is wrong
	 */
	public <V> @Nullable V make(Supplier<V> maker, String... names) {
		try {
			return maker.get();
		}
		catch (InvalidSettingException ex) {
			String rule = ex.rule();
			for (String name : names) {
				rule = rule.replaceAll("\\b" + name + "\\b", key(kebab(name)));
			}
			refused(kebab(ex.setting()), ex, rule);
			return null;
		}
	}

	/**
	 * The whole key of a property.
	 * @param key its key below this sink's own
	 * @return the key, for what people read
	 */
	public String key(String key) {
		return "weir." + this.path + key;
	}

	/**
	 * Says that a property is wrong.
	 * @param key its key
	 * @param rule what is allowed
	 */
	public void reject(String key, String rule) {
		refused(key, new IllegalArgumentException(key(key) + " " + rule), rule);
	}

	private void refused(String key, RuntimeException failure, @Nullable String rule) {
		if (this.errors == null) {
			throw failure;
		}
		this.errors.rejectValue(this.path + key, "weir", String.valueOf(rule));
	}

	private static String kebab(String setting) {
		return setting.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

}
