// Keeps what one has seen for a moment without network: on pages that say so, and not where the reader saves data.
if (document.querySelector("meta[name=offline]") && "serviceWorker" in navigator && !(navigator.connection && navigator.connection.saveData)) navigator.serviceWorker.register("/luring.js").catch(() => {});
