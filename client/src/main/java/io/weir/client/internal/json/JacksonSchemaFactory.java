package io.weir.client.internal.json;

import io.weir.message.JsonSchemaFactory;
import io.weir.message.Schema;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the schemas of {@link Schema#json(Class)} with Jackson's default settings; named
 * in {@code META-INF/services}.
 */
public final class JacksonSchemaFactory implements JsonSchemaFactory {

	private final JsonMapper mapper = JsonMapper.shared();

	@Override
	public <T> Schema<T> schema(Class<T> type) {
		return new JacksonSchema<>(this.mapper, this.mapper.constructType(type));
	}

}
