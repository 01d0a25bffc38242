package io.weir.spring;

import org.apache.avro.Conversion;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Finds the generated classes of a schema without being told to trust them. Avro
 * distrusts names of classes, since elsewhere schemas come with the data; here a schema
 * is always that of a class which the application has named itself.
 */
final class AvroModel extends SpecificData {

	AvroModel(Class<?> type) {
		super(type.getClassLoader());
		for (Conversion<?> conversion : SpecificData.getForClass(type).getConversions()) {
			addLogicalTypeConversion(conversion);
		}
	}

	@Override
	@SuppressWarnings("rawtypes")
	public @Nullable Class getClass(Schema schema) {
		return switch (schema.getType()) {
			case RECORD, ENUM, FIXED -> generated(getClassName(schema));
			default -> super.getClass(schema);
		};
	}

	private @Nullable Class<?> generated(String name) {
		try {
			return Class.forName(name, true, getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			return null; // A record without a class of its own is a generic one.
		}
	}

}
