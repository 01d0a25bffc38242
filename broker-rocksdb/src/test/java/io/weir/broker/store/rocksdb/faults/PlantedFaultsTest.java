package io.weir.broker.store.rocksdb.faults;

import java.util.List;

import io.weir.fixtures.faults.PlantedFault;
import io.weir.fixtures.faults.PlantedFaultsContract;

/** Faults of the store in a data directory. */
class PlantedFaultsTest extends PlantedFaultsContract {

	@Override
	protected List<PlantedFault> all() {
		return List.of(StoreFault.values());
	}

	@Override
	protected List<PlantedFault> everyBuild() {
		return List.of(StoreFault.CURSOR_KEYS_WITHOUT_TOPIC);
	}

}
