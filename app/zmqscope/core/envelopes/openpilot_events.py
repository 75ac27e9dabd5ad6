"""Names of openpilot's events, by their number on the wire. Pure, any thread.

Source: the union of ``struct Event`` in cereal's ``log.capnp``, in the order of its numbers; what
is deprecated has its old name. Forks rename those that are reserved.
"""

from __future__ import annotations

_WORDS = """
    initData roadCameraState gpsNMEA sensorEvent can deviceState controlsState liveEvent model
    features sensorEvents pandaState radarState liveUI roadEncodeIdx liveTracks sendcan
    logMessage liveCalibration androidLog gpsLocation carState carControl longitudinalPlan
    liveLocation ethernetData navUpdate cellInfo wifiScan androidGnss qcomGnss lidarPts procLog
    ubloxGnss clocks liveMpc liveLongitudinalMpc navStatus ubloxRaw gpsPlannerPoints
    gpsPlannerPlan applanixRaw trafficEvents liveLocationTiming orbslamCorrection
    liveLocationCorrected orbObservation gpsLocationExternal location uiNavigationEvent
    liveLocationKalman testJoystick orbOdometry orbFeatures applanixLocation orbKeyFrame
    uiLayoutState orbFeaturesSummary driverState boot liveParameters liveMapData cameraOdometry
    lateralPlan kalmanOdometry thumbnail carEvents carParams driverCameraState
    driverMonitoringState liveLocationKalman sentinel wideRoadCameraState modelV2
    driverEncodeIdx wideRoadEncodeIdx managerState uploaderState peripheralState pandaStates
    navInstruction navRoute navThumbnail errorLogMessage roadEncodeData driverEncodeData
    wideRoadEncodeData qRoadEncodeData qRoadEncodeIdx gnssMeasurements driverStateV2
    userBookmark liveTorqueParameters magnetometer lightSensor temperatureSensor accelerometer
    gyroscope gyroscope2 accelerometer2 uiDebug soundPressure navModel mapRenderState uiPlan
    customReserved0 customReserved1 customReserved2 customReserved3 customReserved4
    customReserved5 customReserved6 customReserved7 customReserved8 customReserved9
    livestreamRoadEncodeIdx livestreamWideRoadEncodeIdx livestreamDriverEncodeIdx
    livestreamRoadEncodeData livestreamWideRoadEncodeData livestreamDriverEncodeData
    temperatureSensor2 customReservedRawData0 customReservedRawData1 customReservedRawData2
    carOutput drivingModelData livePose selfdriveState liveTracks driverAssistance alertDebug
    onroadEvents touch customReserved10 customReserved11 customReserved12 customReserved13
    customReserved14 customReserved15 customReserved16 customReserved17 customReserved18
    customReserved19 liveDelay rawAudioData bookmarkButton audioFeedback lateralManeuverPlan
    driverMonitoringState
"""
_NAMES = tuple(_WORDS.split())


def event_name(number: int) -> str:
    """The name of an event; newer ones than those known here have a number.

    Args:
        number: The union's discriminant.
    """
    return _NAMES[number] if number < len(_NAMES) else f"event {number}"
