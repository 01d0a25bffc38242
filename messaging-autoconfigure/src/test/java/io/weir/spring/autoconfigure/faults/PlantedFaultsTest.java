package io.weir.spring.autoconfigure.faults;

import java.util.List;

import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.PlantedFaultsContract;

/** Faults of what an application with Spring Boot is given. */
class PlantedFaultsTest extends PlantedFaultsContract {

	@Override
	protected List<PlantedFault> all() {
		return List.of(AutoConfigurationFault.values());
	}

	/**
	 * None: a context takes its time, and template and listeners show that it can be
	 * done.
	 */
	@Override
	protected List<PlantedFault> everyBuild() {
		return List.of();
	}

}
