//! The directories of this user, where the platform keeps such things. Nothing is created here.
use etcetera::BaseStrategy;
use std::path::PathBuf;

/// `~/.local/share/hotline`, or what XDG says; none where there is no home.
pub fn default_data_dir() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.data_dir().join("hotline"))
}

/// `~/.config/hotline/hotline.toml`, or what XDG says; none where there is no home.
pub fn default_file() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("hotline").join("hotline.toml"))
}

/// `~/.local/state/hotline`, or what XDG says, or the data directory where the platform knows no such place; none where
/// there is no home.
pub fn default_state_dir() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("hotline"))
}
