package io.weir.spring;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificRecordBase;

/** A record as Avro generates it, without what a test does not need. */
public class Reading extends SpecificRecordBase {

	/** Where Avro looks. */
	public static final Schema SCHEMA$ = SchemaBuilder.record("io.weir.spring.Reading")
		.fields()
		.requiredString("sensor")
		.requiredInt("value")
		.endRecord();

	private CharSequence sensor = "";

	private int value;

	/** Avro makes one and then sets its fields. */
	public Reading() {
	}

	Reading(String sensor, int value) {
		this.sensor = sensor;
		this.value = value;
	}

	@Override
	public Schema getSchema() {
		return SCHEMA$;
	}

	@Override
	public Object get(int field) {
		return (field == 0) ? this.sensor : this.value;
	}

	@Override
	public void put(int field, Object value) {
		if (field == 0) {
			this.sensor = (CharSequence) value;
		}
		else {
			this.value = (Integer) value;
		}
	}

	/**
	 * Another one with the same class name, as a later version of the application has.
	 */
	public static final class WithUnit extends Reading {

		/** Where Avro looks. */
		public static final Schema SCHEMA$ = SchemaBuilder.record("io.weir.spring.Reading")
			.fields()
			.requiredString("sensor")
			.requiredInt("value")
			.optionalString("unit")
			.endRecord();

		@Override
		public Schema getSchema() {
			return SCHEMA$;
		}

	}

}
