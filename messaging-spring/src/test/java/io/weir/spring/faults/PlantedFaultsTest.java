package io.weir.spring.faults;

import java.util.List;

import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.PlantedFaultsContract;

/** Faults of the template and of listeners. */
class PlantedFaultsTest extends PlantedFaultsContract {

	@Override
	protected List<PlantedFault> all() {
		return List.of(SpringFault.values());
	}

	@Override
	protected List<PlantedFault> everyBuild() {
		return List.of(SpringFault.FAILURE_ACKNOWLEDGED);
	}

}
