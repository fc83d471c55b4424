package lifecycle

// MasterState is a state of the table of [Master].
type MasterState string

// LinkState is a state of the table of [Link].
type LinkState string

// ShareState is a state of the table of [Share].
type ShareState string

// UpgradeState is a state of the table of [Upgrade].
type UpgradeState string

// MoveState is a state of the table of [Move].
type MoveState string

const (
	UpgradeDone UpgradeState = "done"
	UpgradeFailed UpgradeState = "failed"
)
