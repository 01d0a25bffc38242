package io.weir.broker.faults;

import java.util.List;

import io.weir.fixtures.faults.Change;
import io.weir.fixtures.faults.PlantedFault;

/** A mistake in the broker. Names of classes are those below the broker's package. */
interface BrokerFault extends PlantedFault {

	/** Finds most of what breaks a promise. */
	String SIMULATION = "engine.runtime.SimulationTest";

	String TRIM = "engine.topic.TrimTest";

	/** All that there is to say of it. */
	Mistake mistake();

	@Override
	default String description() {
		return mistake().description();
	}

	@Override
	default String type() {
		return Mistake.PACKAGE + mistake().type();
	}

	@Override
	default String method() {
		return mistake().method();
	}

	@Override
	default Change change() {
		return mistake().change();
	}

	@Override
	default List<String> tests() {
		return mistake().tests().stream().map(Mistake.PACKAGE::concat).toList();
	}

	/**
	 * What is wrong, where, and what notices it.
	 *
	 * @param description what is wrong
	 * @param type the class that it is in
	 * @param method the method
	 * @param change what is done to it
	 * @param tests which are to find it
	 */
	record Mistake(String description, String type, String method, Change change, List<String> tests) {

		private static final String PACKAGE = "io.weir.broker.";

	}

}
