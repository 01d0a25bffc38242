package io.weir.broker.faults;

import io.weir.fixtures.faults.PlantedFault;

/** A mistake in the broker, and tests that find many of them. */
interface BrokerFault extends PlantedFault {

	/** Finds most of what breaks a promise. */
	String SIMULATION = "engine.runtime.SimulationTest";

	String TRIM = "engine.topic.TrimTest";

}
